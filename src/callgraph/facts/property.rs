//! Reads of attributes that may be properties: such a read is a call.

use ruff_python_ast::{Expr, ExprAttribute, ExprCall, ExprContext};
use ruff_text_size::Ranged;

use super::super::{Call, Callee, FileFacts, Target, Type, Usage, ValueKind};
use super::Reader;
use super::value::Known;
use crate::colour;
use crate::python::PythonVersion;
use crate::semantic::{NodeId, literal, locks, race};
use crate::unit::ColourSite;

/// Methods that replace an attribute by name: of `unittest.mock.patch` and pytest's `monkeypatch`.
const REPLACE: &[&str] = &["delattr", "object", "setattr"];

impl<'a> Reader<'a, '_> {
    /// Whether an attribute that is read may be a property of an instance of the project.
    pub(super) fn may_be_property(&mut self, attribute: &'a ExprAttribute, node: NodeId) -> bool {
        if attribute.ctx != ExprContext::Load || self.is_called(node) {
            return false;
        }
        let name = self.mangled(attribute.attr.as_str(), node);
        match self.known(&attribute.value) {
            Known::Super(_) => true,
            Known::Instance(Type::Class(class)) => match self.method(class, &name) {
                Some(method) => self.is_property(method),
                None => !self.is_set_here(class, &name),
            },
            Known::Instance(type_) => self.is_certain(&type_),
            _ => false,
        }
    }

    /// Notes the read of what may be a property as a call of it.
    pub(super) fn property_read(
        &mut self,
        attribute: &'a ExprAttribute,
        node: NodeId,
        target: PythonVersion,
        facts: &mut FileFacts,
    ) {
        if !self.may_be_property(attribute, node) {
            return;
        }
        let model = self.model;
        let name = self.mangled(attribute.attr.as_str(), node);
        let known = self.known(&attribute.value);
        let Some(callee) = self.member_callee(known, name) else {
            return;
        };
        let placement = if locks::lock_held_at(model, node).is_some() {
            Err(&locks::LOCK_HELD)
        } else {
            colour::place_await(model, node, target).map(|placement| {
                let mut sites = placement.sites;
                sites.push(ColourSite::Invoke { node });
                sites
            })
        };
        facts.calls.push(Call {
            is_unbound: false,
            arguments: Vec::new(),
            can_thread: false,
            keeps_blocking: false,
            line: 0,
            node,
            range: attribute.range(),
            runner: model.runner(node),
            callee,
            placement,
            usage: Usage::Value,
            escapes: false,
            is_indirect: false,
            made_by: None,
            closing: None,
            lifted: None,
            is_dropped: false,
            consumed: None,
            entry: None,
            is_race: race::is_race(model, node),
            is_implicit: true,
            in_loop: false,
        });
    }

    /// Names of members in strings that only matter to properties: tests replace them, and formats read them.
    pub(super) fn asked_members(
        &mut self,
        call: &'a ExprCall,
        node: NodeId,
        facts: &mut FileFacts,
    ) {
        let arguments = &call.arguments.args;
        let name = match call.func.as_ref() {
            Expr::Attribute(attribute) => attribute.attr.as_str(),
            Expr::Name(name) => name.id.as_str(),
            _ => return,
        };
        let mut asked: Vec<Callee> = Vec::new();
        match (name, &arguments[..]) {
            ("patch", [first, ..]) => {
                let whole = literal::string(first).unwrap_or("");
                // `pkg.mod.Job.size` replaces the property, and `pkg.mod.Job` the class.
                asked.extend(
                    whole
                        .rsplit_once('.')
                        .map(|(_, name)| Callee::UnknownMethod {
                            name: name.to_string(),
                        }),
                );
            }
            ("format", _) => {
                if let Expr::Attribute(attribute) = call.func.as_ref()
                    && let Some(text) = literal::string(&attribute.value)
                {
                    asked.extend(format_fields(text).map(|name| Callee::UnknownMethod {
                        name: name.to_string(),
                    }));
                }
            }
            (replaces, [of, name, ..])
                if call.func.is_attribute_expr() && REPLACE.contains(&replaces) =>
            {
                if let Some(name) = literal::string(name) {
                    let name = name.to_string();
                    asked.extend(match self.known(of) {
                        Known::Path(path) => {
                            Some(Callee::Target(Target::Path(format!("{path}.{name}"))))
                        }
                        known => self.member_callee(known, name),
                    });
                }
            }
            _ => {}
        }
        for callee in asked {
            let kind = ValueKind::Asked;
            self.value(call.range(), node, callee, kind, &mut facts.values);
        }
    }
}

/// The attributes that the fields of a format string read: `size` in `"{job.size:>4}"`.
fn format_fields(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|field| field.split(['}', '!', ':']).next())
        .flat_map(|field| field.split('.').skip(1))
        .map(|name| name.split('[').next().unwrap_or(name))
        .filter(|name| !name.is_empty())
}
