from sqlalchemy import create_engine

URL = "sqlite:///./app.db"

engine = create_engine(URL)
