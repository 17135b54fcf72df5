//! The erase test: two programs are equal but for their colour when their trees are equal without `async` and `await`.

use ruff_python_ast::comparable::ComparableModModule;
use ruff_python_ast::visitor::transformer::{self, Transformer};
use ruff_python_ast::{self as ast, Comprehension, Expr, ModModule, Stmt};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// Fails unless the two texts parse to the same tree, apart from `async`, `await`, the splitting of `with` items, the
/// brackets that make a list of a generator expression, the async names of exit stacks, and `asyncio.to_thread`.
pub fn assert_equal_but_for_colour(before: &str, after: &str) {
    let before = erased(before);
    let after = erased(after);
    assert_eq!(
        ComparableModModule::from(&before),
        ComparableModModule::from(&after),
        "the colour edits change more than the colour"
    );
}

fn erased(text: &str) -> ModModule {
    let options =
        ParseOptions::from(Mode::Module).with_target_version(ruff_python_ast::PythonVersion::PY314);
    let parsed = parse_unchecked(text, options)
        .try_into_module()
        .expect("a module");
    assert!(parsed.errors().is_empty(), "{:?}\n{text}", parsed.errors());
    let mut module = parsed.into_syntax();
    // What the sites themselves import.
    module.body.retain(|stmt| !imports_asyncio(stmt));
    for stmt in &mut module.body {
        Eraser.visit_stmt(stmt);
    }
    module
}

/// The values of `[item for item in values]`, whatever the colour of its clause.
fn collected(list: &ast::ExprListComp) -> Option<Expr> {
    let [clause] = &*list.generators else {
        return None;
    };
    match (&*list.elt, &clause.target) {
        (Expr::Name(item), Expr::Name(target)) if clause.ifs.is_empty() && item.id == target.id => {
            Some(clause.iter.clone())
        }
        _ => None,
    }
}

struct Eraser;

impl Transformer for Eraser {
    fn visit_stmt(&self, stmt: &mut Stmt) {
        match stmt {
            Stmt::FunctionDef(function) => function.is_async = false,
            Stmt::For(for_) => for_.is_async = false,
            Stmt::With(with) => {
                with.is_async = false;
                // `with a, b:` is `with a:` round `with b:`.
                while with.items.len() > 1 {
                    let Some(last) = with.items.pop() else { break };
                    let inner = ast::StmtWith {
                        node_index: ast::AtomicNodeIndex::NONE,
                        range: with.range,
                        is_async: false,
                        items: vec![last],
                        body: std::mem::take(&mut with.body),
                    };
                    with.body.push(Stmt::With(inner));
                }
            }
            _ => {}
        }
        transformer::walk_stmt(self, stmt);
    }

    fn visit_expr(&self, expr: &mut Expr) {
        while let Expr::Await(awaited) = expr {
            let value = std::mem::replace(
                awaited.value.as_mut(),
                Expr::EllipsisLiteral(ast::ExprEllipsisLiteral::default()),
            );
            *expr = value;
        }
        // What an async iterator yields as a list, and `list(values)`, are the values.
        let values = match expr {
            Expr::ListComp(list) => collected(list),
            Expr::Call(call)
                if matches!(&*call.func, Expr::Name(name) if name.id.as_str() == "list")
                    && call.arguments.args.len() == 1
                    && call.arguments.keywords.is_empty() =>
            {
                Some(call.arguments.args[0].clone())
            }
            _ => None,
        };
        if let Some(values) = values {
            *expr = values;
            return self.visit_expr(expr);
        }
        if let Expr::Generator(generator) = expr {
            *expr = Expr::ListComp(ast::ExprListComp {
                node_index: ast::AtomicNodeIndex::NONE,
                range: generator.range,
                elt: generator.elt.clone(),
                generators: generator.generators.clone(),
            });
        }
        match expr {
            Expr::Attribute(attribute) => rename(&mut attribute.attr.id),
            Expr::Name(name) => rename(&mut name.id),
            Expr::Call(call) if is_to_thread(&call.func) && !call.arguments.args.is_empty() => {
                let mut arguments = call.arguments.args.to_vec();
                *call.func = arguments.remove(0);
                call.arguments.args = arguments.into_boxed_slice();
                // What a thread collects is a list as well.
                return self.visit_expr(expr);
            }
            _ => {}
        }
        transformer::walk_expr(self, expr);
    }

    fn visit_comprehension(&self, comprehension: &mut Comprehension) {
        comprehension.is_async = false;
        transformer::walk_comprehension(self, comprehension);
    }
}

/// The sync name of what a colour edit renames.
fn rename(name: &mut ast::name::Name) {
    match name.as_str() {
        "AsyncExitStack" => *name = ast::name::Name::new("ExitStack"),
        "enter_async_context" => *name = ast::name::Name::new("enter_context"),
        _ => {}
    }
}

/// `import asyncio`
fn imports_asyncio(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Import(import) => {
            let names = import.names.iter().map(|alias| alias.name.as_str());
            names.eq(["asyncio"])
        }
        _ => false,
    }
}

fn is_to_thread(func: &Expr) -> bool {
    let Expr::Attribute(attribute) = func else {
        return false;
    };
    attribute.attr.as_str() == "to_thread"
        && matches!(attribute.value.as_ref(), Expr::Name(name) if name.id.as_str() == "asyncio")
}
