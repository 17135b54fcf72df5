//! Texts in, texts out: what becomes of queries, without the session round them.

use super::super::lazy::Options;
use crate::codemod::{Context, Settings};
use crate::colour;
use crate::config::{FileIo, HttpClient, HttpStyle, Scope};
use crate::edit::{Baseline, Owned, apply, render};
use crate::index::Project;
use crate::pipeline::parse;
use crate::python::PythonVersion;
use crate::semantic::{Model, ModuleName};
use crate::unit::{FileId, Safety};
use crate::values::Part;
use ruff_python_ast::Expr;

/// The text with its queries rewritten, or the code of the reason. Every `.query(...)` on `db`, `s` or `self.session` counts.
fn rewritten(text: &str) -> Result<(String, Safety), String> {
    let parsed = parse(text, PythonVersion::PY311).map_err(|_| "does not parse".to_string())?;
    let module = ModuleName::default();
    let model = Model::new(text, &parsed, &module);
    let settings = Settings {
        groups_tasks: false,
        bounds_gathers: false,
        rewrites_files: false,
        target: PythonVersion::PY311,
        scope: Scope::Project,
        http_client: HttpClient::Httpx,
        http_style: HttpStyle::Faithful,
        file_io: FileIo::Aiofiles,
        postgres_driver: crate::config::PostgresDriver::default(),
        pins: Vec::new(),
        line_length: 88,
    };
    let project = Project::new(Vec::new(), Box::new(|_| None));
    let codemod = &crate::codemods::httpx_to_async::CODEMOD;
    let context = Context::new(&model, &settings, &project, FileId(0), codemod);
    let calls: Vec<_> = model
        .calls()
        .filter(|call| match call.func.as_ref() {
            Expr::Attribute(attribute) => attribute.attr.as_str() == "query",
            _ => false,
        })
        .collect();
    let mut unit = context.unit(calls[0].func.as_ref().range());
    super::rewrite(
        &context,
        &Part::default(),
        &calls,
        &Options::default(),
        &mut unit,
    )
    .map_err(|refusal| match refusal.detail {
        Some(detail) => format!("{} {detail}", refusal.reason.code),
        None => refusal.reason.code.to_string(),
    })?;
    let mut context = context;
    context.add(unit);
    let (units, skips) = context.finish();
    let Some(unit) = units.first() else {
        return Err(skips[0].reason.code.to_string());
    };
    let sites: Vec<_> = unit.colour.iter().map(|(_, site)| *site).collect();
    let owned: Vec<Owned> = unit
        .edits
        .iter()
        .map(|(_, edit)| edit.clone())
        .chain(colour::edits(&model, &sites))
        .map(|edit| Owned {
            edit,
            unit: None,
            codemod: None,
        })
        .collect();
    let baseline = Baseline {
        text,
        protected: &model.protected_lines(),
        indent_unit: model.indent_unit(),
    };
    let Ok(rendered) = render(&baseline, &owned) else {
        return Err("edits overlap".to_string());
    };
    Ok((apply(text, &rendered), unit.safety))
}

use ruff_text_size::Ranged;

const HEAD: &str = "from models import Post, User\nfrom sqlalchemy import func, select\n\n\ndef f(db, page):\n    ";

/// One statement of a function.
fn statement(text: &str) -> Result<String, String> {
    let source = format!("{HEAD}{text}\n");
    let (after, _) = rewritten(&source)?;
    let after = after.strip_prefix(HEAD).ok_or("the head changed")?;
    Ok(after.trim_end().to_string())
}

fn table(rows: &[(&str, &str)]) {
    for (before, after) in rows {
        assert_eq!(statement(before).as_deref(), Ok(*after), "{before}");
    }
}

fn refused(rows: &[(&str, &str)]) {
    for (before, reason) in rows {
        assert_eq!(
            statement(before).err().as_deref(),
            Some(*reason),
            "{before}"
        );
    }
}

#[test]
fn objects() {
    table(&[
        (
            "return db.query(User).all()",
            "return (await db.scalars(select(User))).unique().all()",
        ),
        (
            "x = db.query(User).filter(User.id == 1).first()",
            "x = (await db.scalars(select(User).filter(User.id == 1).limit(1))).first()",
        ),
        (
            "x = db.query(User).filter_by(id=1).one()",
            "x = (await db.scalars(select(User).filter_by(id=1))).unique().one()",
        ),
        (
            "x = db.query(User).one_or_none()",
            "x = (await db.scalars(select(User))).unique().one_or_none()",
        ),
        (
            "x = db.query(User).scalar()",
            "x = (await db.scalars(select(User))).unique().one_or_none()",
        ),
        (
            "for u in db.query(User):\n        print(u)",
            "for u in (await db.scalars(select(User))).unique():\n        print(u)",
        ),
        (
            "x = [u.id for u in db.query(User)]",
            "x = [u.id for u in (await db.scalars(select(User))).unique()]",
        ),
        (
            "x = list(db.query(User))",
            "x = list((await db.scalars(select(User))).unique())",
        ),
        (
            "x = db.query(User)[:10]",
            "x = (await db.scalars(select(User).limit(10))).unique().all()",
        ),
        (
            "x = db.query(User)[10:20]",
            "x = (await db.scalars(select(User).slice(10, 20))).unique().all()",
        ),
        (
            "x = db.query(User)[0].id",
            "x = (await db.scalars(select(User).limit(1))).unique().all()[0].id",
        ),
        (
            "x = db.query(User)[3]",
            "x = (await db.scalars(select(User).slice(3, 4))).unique().all()[0]",
        ),
        ("x = db.query(User).get(7)", "x = await db.get(User, 7)"),
        (
            "x = db.query(User).get(7).name",
            "x = (await db.get(User, 7)).name",
        ),
        (
            "x = db.query(User).options(joinedload(User.posts)).populate_existing().get(ident=7)",
            "x = await db.get(User, 7, populate_existing=True, options=[joinedload(User.posts)])",
        ),
        (
            "x = get_db().query(User).all()",
            "x = (await get_db().scalars(select(User))).unique().all()",
        ),
        (
            "for u in db.query(User).yield_per(10):\n        print(u)",
            "async for u in await db.stream_scalars(select(User).execution_options(yield_per=10)):\n        print(u)",
        ),
        (
            "x = db.query(User).from_statement(text('x')).first()",
            "x = (await db.scalars(select(User).from_statement(text('x')))).first()",
        ),
    ]);
}

#[test]
fn columns() {
    table(&[
        (
            "x = db.query(User.id).all()",
            "x = (await db.execute(select(User.id))).all()",
        ),
        (
            "x = db.query(User.id, User.name).first()",
            "x = (await db.execute(select(User.id, User.name).limit(1))).first()",
        ),
        (
            "x = db.query(User.id).scalar()",
            "x = (await db.execute(select(User.id))).scalar_one_or_none()",
        ),
        (
            "x = db.query(func.max(User.age)).scalar()",
            "x = await db.scalar(select(func.max(User.age)))",
        ),
        (
            "x = db.query(func.max(User.age)).group_by(User.id).scalar()",
            "x = (await db.execute(select(func.max(User.age)).group_by(User.id))).scalar_one_or_none()",
        ),
        (
            "x = db.query(User, Post.id).join(Post).all()",
            "x = (await db.execute(select(User, Post.id).join(Post))).unique().all()",
        ),
        (
            "x = dict(db.query(User.id, User.name))",
            "x = dict((await db.execute(select(User.id, User.name))).all())",
        ),
        (
            "for i, n in db.query(User.id, User.name):\n        print(i)",
            "for i, n in await db.execute(select(User.id, User.name)):\n        print(i)",
        ),
        (
            "x = db.query(User).filter(User.id.in_(db.query(Post.user_id))).count()",
            "x = await db.scalar(select(func.count()).select_from(select(User).filter(User.id.in_(select(Post.user_id))).subquery()))",
        ),
        (
            "x = db.query(db.query(User).filter(User.id == 1).exists()).scalar()",
            "x = await db.scalar(select(select(User).filter(User.id == 1).exists()))",
        ),
        (
            "x = db.query(User).with_entities(User.id).all()",
            "x = (await db.execute(select(User).with_only_columns(User.id))).all()",
        ),
        (
            "x = db.query(User.id.label('n'), User.__table__).add_entity(Post).all()",
            "x = (await db.execute(select(User.id.label('n'), User.__table__).add_columns(Post))).unique().all()",
        ),
        (
            "sub = db.query(Post.id).subquery()\n    x = db.query(sub.c.id).all()",
            "sub = select(Post.id).subquery()\n    x = (await db.execute(select(sub.c.id))).all()",
        ),
    ]);
}

#[test]
fn bulk() {
    table(&[
        (
            "db.query(User).filter(User.id == 1).delete()",
            "await db.execute(delete(User).filter(User.id == 1))",
        ),
        (
            "n = db.query(User).delete(synchronize_session='fetch')",
            "n = (await db.execute(delete(User).execution_options(synchronize_session='fetch'))).rowcount",
        ),
        (
            "return db.query(User).filter_by(id=1).update({'age': 2})",
            "return (await db.execute(update(User).filter_by(id=1).values({'age': 2}))).rowcount",
        ),
        (
            "db.query(User).update({'age': 2}, synchronize_session='fetch')",
            "await db.execute(update(User).values({'age': 2}).execution_options(synchronize_session='fetch'))",
        ),
        (
            "db.query(User).update(values={'age': 2})",
            "await db.execute(update(User).values({'age': 2}))",
        ),
    ]);
}

#[test]
fn several_statements() {
    table(&[
        (
            "q = db.query(User)\n    if page:\n        q = q.filter(User.age > page)\n    total = q.count()\n    return total, q.order_by(User.id).offset(page).limit(10).all()",
            "q = select(User)\n    if page:\n        q = q.filter(User.age > page)\n    total = await db.scalar(select(func.count()).select_from(q.subquery()))\n    return total, (await db.scalars(q.order_by(User.id).offset(page).limit(10))).unique().all()",
        ),
        (
            "q = db.query(User) if page else db.query(User).filter(User.id > 1)\n    return q.all()",
            "q = select(User) if page else select(User).filter(User.id > 1)\n    return (await db.scalars(q)).unique().all()",
        ),
        (
            "q = db.query(User)\n    if page:\n        q = q.with_entities(User.id)\n    else:\n        q = q.with_entities(User.name)\n    return q.all()",
            "q = select(User)\n    if page:\n        q = q.with_only_columns(User.id)\n    else:\n        q = q.with_only_columns(User.name)\n    return (await db.execute(q)).all()",
        ),
    ]);
}

#[test]
fn layout() {
    table(&[
        (
            "x = (\n        db.query(User)\n        .filter(\n            User.id > 1,  # one\n        )\n        # two\n        .order_by(User.id)\n        .all()\n    )",
            "x = (\n        (await db.scalars(\n            select(User)\n            .filter(\n                User.id > 1,  # one\n            )\n            # two\n            .order_by(User.id)\n        ))\n        .unique()\n        .all()\n    )",
        ),
        (
            "x = (\n        db.query(User)\n        .order_by(User.id)\n        .first()\n    )",
            "x = (\n        (await db.scalars(\n            select(User)\n            .order_by(User.id)\n            .limit(1)\n        ))\n        .first()\n    )",
        ),
        (
            "x = (\n        db.query(User)\n        .filter(User.id > 1)\n        .count()\n    )",
            "x = (\n        await db.scalar(\n            select(func.count()).select_from(\n                select(User)\n                .filter(User.id > 1)\n                .subquery()\n            )\n        )\n    )",
        ),
        (
            "x = db.query(User).filter(\n        User.id > 1,\n    ).all()",
            "x = (await db.scalars(select(User).filter(\n        User.id > 1,\n    ))).unique().all()",
        ),
        (
            "x = db.query(User) \\\n        .filter(User.id > 1) \\\n        .all()",
            "x = (await db.scalars(select(User) \\\n        .filter(User.id > 1))).unique() \\\n        .all()",
        ),
        (
            "for u in (\n        db.query(User)\n        .filter(User.id > 1)\n    ):\n        print(u)",
            "for u in (\n        await db.scalars(\n            select(User)\n            .filter(User.id > 1)\n        )\n    ).unique():\n        print(u)",
        ),
        (
            "db.query(User).filter(User.id > 1).update(\n        {\n            'age': 1,\n        },\n        synchronize_session='fetch',\n    )",
            "await db.execute(update(User).filter(User.id > 1).values(\n        {\n            'age': 1,\n        },\n    ).execution_options(synchronize_session='fetch'))",
        ),
        (
            "(\n        db.query(User)\n        .filter(User.id > 1)\n        .delete()\n    )",
            "(\n        await db.execute(\n            delete(User)\n            .filter(User.id > 1)\n        )\n    )",
        ),
    ]);
}

#[test]
fn filter_by_after_a_join() {
    table(&[
        (
            "db.query(User).join(Post).filter_by(title='x', user=page or None).all()",
            "(await db.scalars(select(User).join(Post).filter(Post.title == 'x', Post.user == (page or None)))).unique().all()",
        ),
        (
            "db.query(User.id).filter_by(name='x').join(Post).all()",
            "(await db.execute(select(User.id).filter_by(name='x').join(Post))).all()",
        ),
        (
            "db.query(User, Post).filter_by(name='x').all()",
            "(await db.execute(select(User, Post).filter(User.name == 'x'))).unique().all()",
        ),
    ]);
    refused(&[
        (
            "db.query(User).join(User.posts).filter_by(title='x').all()",
            "query-filter-by",
        ),
        (
            "q = db.query(User)\n    if page:\n        q = q.join(Post)\n    return q.filter_by(name='x').all()",
            "query-filter-by",
        ),
    ]);
}

#[test]
fn what_stays() {
    refused(&[
        ("return db.query(User)", "query-escapes"),
        ("return g(db.query(User))", "query-escapes"),
        ("q = db.query(page)\n    return q.all()", "query-rows"),
        (
            "return db.query(*page).with_entities(page).all()",
            "query-rows",
        ),
        ("return db.query(page).filter(x := 1).all()", "query-rows"),
        (
            "return get().query(User).union(db.query(User)).all()",
            "query-method `.union()`",
        ),
        (
            "q = db.query(User)\n    return q.count(), db.query(User).union(q).all()",
            "query-escapes",
        ),
        ("return db.query(User).all", "query-method `.all`"),
        ("print(db.query(User))", "query-method `print()`"),
        (
            "q = db.query(User)\n    if q:\n        return 1",
            "query-truth",
        ),
        (
            "q = page\n    if page:\n        q = db.query(User)\n    return q.all()",
            "query-mixed",
        ),
        ("return db.query(User)[-1]", "query-slice"),
        ("return db.query(User)[::2]", "query-slice"),
        ("db.query(User).limit(1).delete()", "query-bulk"),
        ("db.query(User).join('posts').all()", "query-argument"),
        (
            "q = db.query(User)\n    db = page\n    return q.all()",
            "query-session",
        ),
        ("return db.query(User).yield_per(1).all()", "query-batches"),
        (
            "for u in db.query(User).yield_per(1):\n        break",
            "query-batches",
        ),
        (
            "return [u for u in db.query(User)][0], db.query(User).all(1)",
            "query-argument",
        ),
        (
            "db.query(User).filter(User.id == 1).delete(  # why\n    )",
            "query-comment",
        ),
    ]);
}

#[test]
fn queries_that_stay_queries() {
    table(&[
        (
            "return db.query(page).filter_by(id=1).first()",
            "return await db.run_sync(lambda db: db.query(page).filter_by(id=1).first())",
        ),
        (
            "for x in db.query(*page):\n        print(x)",
            "for x in await db.run_sync(lambda db: db.query(*page).all()):\n        print(x)",
        ),
        (
            "return db.query(User).union(db.query(User).filter(User.id == 1)).all()[0]",
            "return (await db.run_sync(lambda db: db.query(User).union(db.query(User).filter(User.id == 1)).all()))[0]",
        ),
        (
            "return db.self.query(page).get(1), db.query(User).get(1)",
            "return await db.self.run_sync(lambda session: session.query(page).get(1)), await db.get(User, 1)",
        ),
        (
            "x = (\n        db.query(page)\n        .filter_by(id=1)\n        .all()\n    )",
            "x = (\n        await db.run_sync(\n            lambda db: db.query(page)\n            .filter_by(id=1)\n            .all()\n        )\n    )",
        ),
    ]);
}

#[test]
fn classes_that_classes_keep() {
    let (after, _) = rewritten(
        "from models import Settings, User\n\n\nclass Dao:\n    model = None\n    user = User\n\n    @classmethod\n    def every(cls, db):\n        return db.query(cls.model).all(), db.query(cls.kept.model).all(), db.query(cls.user).all()\n\n    def other(self, db):\n        return db.query(self.model).all(), db.query(Settings.user_model).all(), db.query(User.name).all()\n",
    )
    .unwrap();
    for expected in [
        "lambda db: db.query(cls.model).all()",
        "lambda db: db.query(cls.kept.model).all()",
        "(await db.scalars(select(cls.user))).unique().all()",
        "lambda db: db.query(self.model).all()",
        "lambda db: db.query(Settings.user_model).all()",
        "(await db.execute(select(User.name))).all()",
    ] {
        assert!(after.contains(expected), "{expected}: {after}");
    }
}

/// A text before and after, as a whole.
fn whole(rows: &[(&str, &str)]) {
    let head = "from models import Post, User\nfrom sqlalchemy import func, select\n\n\n";
    for (before, after) in rows {
        let (found, _) = rewritten(&format!("{head}{before}")).unwrap();
        assert_eq!(found, format!("{head}{after}"), "{before}");
    }
}

#[test]
fn functions_hand_queries_on() {
    whole(&[
        (
            "def base(db, age):\n    return db.query(User).filter(User.age > age)\n\n\ndef f(s):\n    return base(s, 3).order_by(User.id).all(), base(s, 3).all(), base(age=3, db=s).count()\n",
            "def base(db, age):\n    return select(User).filter(User.age > age)\n\n\ndef f(s):\n    return (await s.scalars(base(s, 3).order_by(User.id))).unique().all(), (await s.scalars(base(s, 3))).unique().all(), await s.scalar(select(func.count()).select_from(base(age=3, db=s).subquery()))\n",
        ),
        (
            "def named(query, name=None):\n    if name:\n        query = query.filter(User.name == name)\n    return query\n\n\ndef f(db):\n    query = named(db.query(User))\n    return query.all()\n\n\ndef g(session, name):\n    query = session.query(User).order_by(User.id)\n    query = named(query=query, name=name)\n    for user in named(query):\n        print(user)\n    return query.first()\n",
            "def named(query, name=None):\n    if name:\n        query = query.filter(User.name == name)\n    return query\n\n\ndef f(db):\n    query = named(select(User))\n    return (await db.scalars(query)).unique().all()\n\n\ndef g(session, name):\n    query = select(User).order_by(User.id)\n    query = named(query=query, name=name)\n    for user in (await session.scalars(named(query))).unique():\n        print(user)\n    return (await session.scalars(query.limit(1))).first()\n",
        ),
        (
            "def total(query):\n    return query.count()\n\n\ndef f(db):\n    return total(db.query(User))\n",
            "def total(db, query):\n    return await db.scalar(select(func.count()).select_from(query.subquery()))\n\n\ndef f(db):\n    return total(db, select(User))\n",
        ),
        (
            "class Users:\n    def base(self):\n        return self.session.query(User)\n\n    def every(self):\n        return self.base().all()\n",
            "class Users:\n    def base(self):\n        return select(User)\n\n    def every(self):\n        return (await self.session.scalars(self.base())).unique().all()\n",
        ),
    ]);
    for (text, reason) in [
        (
            "def base(db):\n    return db.query(User)\n",
            "query-escapes",
        ),
        (
            "def base(db):\n    return db.query(User)\n\n\nkept = base\n",
            "query-escapes",
        ),
        (
            "@wrapped\ndef base(db):\n    return db.query(User)\n\n\ndef f(db):\n    return base(db).all()\n",
            "query-escapes",
        ),
        (
            "def base(db, old):\n    if old:\n        return []\n    return db.query(User)\n\n\ndef f(db):\n    return base(db, 1).all()\n",
            "query-mixed",
        ),
        (
            "def total(query):\n    return query.count()\n\n\ndef f():\n    return total(SessionLocal().query(User))\n",
            "query-session",
        ),
        (
            "def named(query):\n    return query.filter(User.id > 1)\n\n\ndef f(db):\n    return named(db.query(User)).all()\n\n\ndef g(x):\n    return named(x)\n",
            "query-mixed",
        ),
        (
            "def base(db):\n    db = 1\n    return db.query(User)\n\n\ndef f(db):\n    return base(db).all()\n",
            "query-session",
        ),
        (
            "def base(db):\n    return db.query(User)\n\n\ndef f():\n    return base(SessionLocal()).all()\n",
            "query-session",
        ),
    ] {
        let found = rewritten(&format!("from models import User\n\n\n{text}")).err();
        assert_eq!(found.as_deref(), Some(reason), "{text}");
    }
}

#[test]
fn what_is_unsafe() {
    let head = "from sqlalchemy import func\n\n\nclass User:\n    pass\n\n\ndef f(db, what):\n    ";
    for (text, safety) in [
        ("db.query(User).delete()", Safety::Safe),
        (
            "db.query(User).delete(synchronize_session=False)",
            Safety::Unsafe,
        ),
        ("db.query(User).update({}, False)", Safety::Unsafe),
        (
            "db.query(what).delete(synchronize_session='fetch')",
            Safety::Safe,
        ),
        ("db.query(what).delete(False)", Safety::Unsafe),
        (
            "db.query(what).update({}, synchronize_session=False)",
            Safety::Unsafe,
        ),
        ("db.query(User)[1:2]", Safety::Safe),
        ("db.query(User)[what:]", Safety::Unsafe),
    ] {
        let (_, found) = rewritten(&format!("{head}{text}\n")).unwrap();
        assert_eq!(found, safety, "{text}");
    }
    let (after, _) = rewritten(&format!("{head}return db.query(what).count()\n")).unwrap();
    assert!(
        after.contains("select_from(select(what).subquery())"),
        "{after}"
    );
    let (_, found) =
        rewritten("from models import User\n\n\ndef f(db):\n    return db.query(User).all()\n")
            .unwrap();
    assert_eq!(found, Safety::Unsafe);
}

#[test]
fn free_names() {
    let (after, _) = rewritten("from models import User\n\n\ndef delete(db):\n    db.query(User).delete()\n    return db.query(User).count()\n").unwrap();
    assert_eq!(
        after,
        "from models import User\n\n\ndef delete(db):\n    await db.execute(sqlalchemy.delete(User))\n    return await db.scalar(select(func.count()).select_from(select(User).subquery()))\n"
    );
    let (after, _) = rewritten("import sqlalchemy as sa\n\n\ndef f(db):\n    return db.query(User).all()\n\n\nclass User:\n    pass\n").unwrap();
    assert!(
        after.contains("(await db.scalars(sa.select(User))).unique().all()"),
        "{after}"
    );
}
