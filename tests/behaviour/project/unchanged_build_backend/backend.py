import time


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    time.sleep(0.001)
    return f"{wheel_directory}/demo.whl"


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return build_wheel(wheel_directory, config_settings, metadata_directory)
