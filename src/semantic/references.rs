//! Where a member of a library is named, and the strings that may name one.

use ruff_python_ast::{AnyNodeRef, ExprAttribute, ExprStringLiteral};

use super::Model;
use super::nodes::NodeId;

impl<'a> Model<'a> {
    /// Every attribute access, in source order.
    pub fn attributes(&self) -> impl Iterator<Item = &'a ExprAttribute> + '_ {
        (0..self.nodes.len() as u32).filter_map(|id| match self.nodes.get(NodeId(id)) {
            AnyNodeRef::ExprAttribute(attribute) => Some(attribute),
            _ => None,
        })
    }

    /// Every plain string literal that is an expression, in source order.
    pub fn string_literals(&self) -> impl Iterator<Item = &'a ExprStringLiteral> + '_ {
        (0..self.nodes.len() as u32).filter_map(|id| match self.nodes.get(NodeId(id)) {
            AnyNodeRef::ExprStringLiteral(literal) => Some(literal),
            _ => None,
        })
    }

    /// Every name and attribute chain that means one of these dotted paths, or may mean one, in source order. One pass,
    /// whatever the number of uses.
    pub fn references_to(&self, paths: &[&str]) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = Vec::new();
        for (_, symbol) in self.scopes.symbols() {
            let imported = symbol.bindings.iter().any(|&binding| {
                self.import_path(&self.scopes.binding(binding).kind)
                    .is_some_and(|path| paths.contains(&path.as_str()))
            });
            if imported {
                found.extend(&symbol.references);
            }
        }
        let members: Vec<&str> = paths
            .iter()
            .map(|path| path.rsplit('.').next().unwrap_or(path))
            .collect();
        for node in (0..self.nodes.len() as u32).map(NodeId) {
            let meaning = match self.nodes.get(node) {
                AnyNodeRef::ExprAttribute(attribute)
                    if members.contains(&attribute.attr.as_str()) =>
                {
                    self.meaning_of(attribute.into())
                }
                // A name that only a star import can bind.
                AnyNodeRef::ExprName(name)
                    if members.contains(&name.id.as_str())
                        && self.scopes.symbol_of(node).is_none() =>
                {
                    self.meaning_of(name.into())
                }
                _ => continue,
            };
            if meaning.may_be(|path| paths.contains(&path)) {
                found.push(node);
            }
        }
        found.sort_unstable();
        found
    }
}
