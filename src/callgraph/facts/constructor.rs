//! Whether `__init__` can move into `async def create`, as far as its own file tells.

use ruff_python_ast::{AnyNodeRef, Expr};
use ruff_text_size::{Ranged, TextRange};

use super::super::Target;
use super::Reader;
use crate::semantic::{NodeId, Runner};

impl Reader<'_, '_> {
    /// Why the `__init__` of a class cannot become a class method that makes the instance; `None` for what is no `__init__`.
    pub(super) fn creates(&self, function: u32) -> Option<Result<(), &'static str>> {
        let model = self.model;
        let info = &model.scopes.functions()[function as usize];
        let class = self.method_class[function as usize]?;
        let definition = info
            .definition
            .filter(|definition| definition.name.as_str() == "__init__")?;
        let class = &self.classes[class as usize];
        let node = info.node;
        let parameters = &definition.parameters;
        let first = parameters.posonlyargs.first().or(parameters.args.first());
        let is_plain_base = |base: &Target| {
            matches!(base, Target::Path(path)
                if matches!(path.as_str(), "builtins.object" | "abc.ABC" | "typing.Generic"))
        };
        let has = |name: &str| {
            class
                .scope
                .is_some_and(|scope| model.scopes.scope(scope).symbols.contains_key(name))
        };
        let arguments = class.node.arguments.as_deref();
        if !definition.decorator_list.is_empty() || definition.is_async {
            return Some(Err("`__init__` is decorated or async"));
        }
        if !class.node.decorator_list.is_empty()
            || arguments.is_some_and(|arguments| !arguments.keywords.is_empty())
        {
            return Some(Err("the class has a decorator or a metaclass"));
        }
        if !class.bases.iter().all(is_plain_base) {
            return Some(Err("the class has a base class"));
        }
        if has("create") || has("__new__") {
            return Some(Err("the class has a `create` or a `__new__` already"));
        }
        if !self.tracks_self(function)
            || first.is_none_or(|first| {
                first.parameter.annotation.is_some() || first.parameter.name.as_str() == "cls"
            })
        {
            return Some(Err("`self` is no plain parameter"));
        }
        if !definition
            .returns
            .as_deref()
            .is_none_or(Expr::is_none_literal_expr)
        {
            return Some(Err(
                "its result is annotated with something else than `None`",
            ));
        }
        let Some((first, last)) = definition.body.first().zip(definition.body.last()) else {
            return Some(Err("it has no body"));
        };
        let lead = TextRange::new(model.line_start(first.start()), first.start());
        let rest = &model.text[last.end().to_usize()..];
        let tail = rest.lines().next().unwrap_or("").trim();
        if !model.slice(lead).trim().is_empty()
            || !(tail.is_empty() || tail == ";" || tail.starts_with('#'))
        {
            return Some(Err("its body stands on the line of its header"));
        }
        let odd = model
            .nodes
            .subtree(node)
            .any(|at| self.is_odd(at, function));
        Some(if odd {
            Err("it uses `super`, `cls` or `__class__`, or gives a value back")
        } else {
            Ok(())
        })
    }

    /// What means something else in a class method.
    fn is_odd(&self, at: NodeId, function: u32) -> bool {
        let is_taken =
            |name: &str| matches!(name, "cls" | "super" | "__class__" | "locals" | "vars");
        match self.model.nodes.get(at) {
            AnyNodeRef::ExprName(name) => is_taken(name.id.as_str()),
            AnyNodeRef::Parameter(parameter) => is_taken(parameter.name.as_str()),
            AnyNodeRef::StmtReturn(statement) => {
                self.model.runner(at) == Runner::Function(function)
                    && statement
                        .value
                        .as_deref()
                        .is_some_and(|value| !value.is_none_literal_expr())
            }
            AnyNodeRef::ExprYield(_) | AnyNodeRef::ExprYieldFrom(_) => {
                self.model.runner(at) == Runner::Function(function)
            }
            _ => false,
        }
    }
}
