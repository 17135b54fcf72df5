//! From the values of declared types to units.

use ruff_python_ast::{
    AnyNodeRef, ArgOrKeyword, ExceptHandler, ExceptHandlerExceptHandler, Expr, ExprAttribute,
    ExprCall, ExprRef, ExprSubscript, StmtWith, UnaryOp,
};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use super::mentions::{self, Mention, Place};
use super::values::{self, CALL, Kind, Uses, Values};
use super::{
    Arguments, Colour, Declared, Found, Life, Member, Named, Transaction, Twin, Type, arguments,
    block, reasons,
};
use crate::callgraph::facts::values::is_parallel;
use crate::callgraph::values::To;
use crate::codemod::{AMBIGUOUS_BINDING, Context, Refusal, UnitBuilder};
use crate::colour;
use crate::edit::{Edit, Layer, Piece};
use crate::helper::Helper;
use crate::importer;
use crate::semantic::flow::{Certainty, Flow, Use, UseKind};
use crate::semantic::scope::SymbolId;
use crate::semantic::{BindingKind, Model, NodeId, Nodes, ScopeKind, literal};
use crate::unit::{Dependency, ImportRequest, Reason};
use crate::values::{Component, Named as Named_, Part, ValueUse};

/// Looks at one file and reports units and skips.
pub(super) fn run(context: &mut Context<'_, '_>) {
    let asked = context
        .declared()
        .filter(|one| one.is_asked_for(context.settings));
    let Some(declared) = asked else {
        return;
    };
    let model = context.model;
    let (mentions, ambiguous) = mentions::all(model, declared);
    for node in ambiguous {
        context.skip(model.nodes.range(node), &AMBIGUOUS_BINDING, None);
    }
    let mut origins: Vec<(NodeId, Kind)> = Vec::new();
    let mut calls: Vec<(&Mention<'_>, &ExprCall, usize)> = Vec::new();
    // The calls of functions that take values.
    let mut takes: Vec<NodeId> = Vec::new();
    for mention in &mentions {
        match (mention.named, mention.place) {
            (Named::Type(type_) | Named::Constructor(type_), Place::Called(call)) => {
                origins.push((model.id(call), Kind::of(type_)));
            }
            (Named::Function(number), Place::Called(call)) => {
                let function = &declared.functions[number];
                if function.takes {
                    takes.push(model.id(call));
                }
                match function.member.gives {
                    Some(type_) => origins.push((model.id(call), Kind::of(type_))),
                    None => calls.push((mention, call, number)),
                }
            }
            (Named::Refused(number), place) if !matches!(place, Place::Caught) => {
                let (path, why) = &declared.refused[number];
                let detail = Some(format!("`{path}`: {why}"));
                context.skip(model.nodes.range(mention.node), &reasons::NO_TWIN, detail);
            }
            // The component of its instances says so.
            (Named::Type(type_), Place::Base) if declared.is_followed(type_) => {}
            (_, Place::Value | Place::Base) => {
                let detail = Some(quoted(model, model.nodes.range(mention.node)));
                let range = model.nodes.range(mention.node);
                context.skip(range, &reasons::CLASS_AS_VALUE, detail);
            }
            _ => {}
        }
    }
    let mut done: FxHashSet<NodeId> = FxHashSet::default();
    let linked = |call: NodeId| linked(model, declared, &mentions, call);
    for group in values::groups(model, &origins, declared, &linked) {
        let Some(&(anchor, _)) = group.first() else {
            continue;
        };
        let mut work = Work::new(context, declared, &mentions, anchor);
        let result = work.migrate(&group);
        done.extend(work.done.iter().copied());
        for (node, _) in &group {
            work.unit.made(*node);
        }
        let unit = work.unit;
        match result {
            // Nothing that blocks is done with the values.
            Ok(()) if unit.is_colourless() => {}
            Ok(()) => context.add(unit),
            // Whoever follows the value over the project says what becomes of it.
            Err(_)
                if group.iter().all(|(node, kind)| {
                    declared.is_followed(kind.type_)
                        || takes.contains(node)
                            && matches!(
                                model.nodes.get(*node),
                                AnyNodeRef::ExprCall(call) if !is_given_by_callers(model, call)
                            )
                }) => {}
            Err(refusal) => context.report(model.nodes.range(anchor), Err(refusal)),
        }
    }
    for (mention, call, number) in calls {
        if done.contains(&mention.node) {
            continue;
        }
        let node = model.id(call);
        let function = &declared.functions[number];
        let mut work = Work::new(context, declared, &mentions, node);
        if function.takes && !is_given_by_callers(model, call) {
            // A client that is followed over the project brings the call along.
            continue;
        }
        let result = match function.takes {
            true => Err(Refusal::with_detail(
                &reasons::ESCAPES,
                call.range(),
                "the value that it is given is not followed",
            )),
            false => work.function(mention.node, call, number),
        };
        let unit = result.map(|()| work.unit);
        context.report(call.range(), unit);
    }
}

/// Rewrites one file of a component of values that are followed over the project.
pub(super) fn rewrite<'a, 'c>(
    context: &Context<'a, 'c>,
    component: &Component,
    part: &Part,
    unit: &mut UnitBuilder<'a, 'c>,
) -> Result<(), Refusal> {
    let (Some(declared), model) = (context.declared(), context.model) else {
        return Ok(());
    };
    let (mentions, _) = mentions::all(model, declared);
    let anchor = part.made.first().copied().unwrap_or(Nodes::ROOT);
    let mut work = Work::new(context, declared, &mentions, anchor);
    std::mem::swap(&mut work.unit, unit);
    let result = work.migrate_part(component, part);
    std::mem::swap(&mut work.unit, unit);
    result
}

/// The names that a call of a function takes whose values it may be part of.
fn linked(
    model: &Model<'_>,
    declared: &Declared,
    mentions: &[Mention<'_>],
    call: NodeId,
) -> Vec<SymbolId> {
    let of_call = mentions.iter().find_map(|mention| match mention.place {
        Place::Called(of) if model.id(of) == call => Some((mention.named, of)),
        _ => None,
    });
    let Some((named, call)) = of_call else {
        return Vec::new();
    };
    let takes = |keyword: Option<&str>| match named {
        Named::Function(number) => declared.functions[number].takes,
        Named::Type(type_) | Named::Constructor(type_) => {
            let takes = &declared.types[type_].constructor.takes;
            takes.iter().any(|(name, _)| Some(name.as_str()) == keyword)
        }
        Named::Refused(_) => false,
    };
    let arguments = call.arguments.iter_source_order();
    arguments
        .filter(|argument| match argument {
            ArgOrKeyword::Arg(_) => takes(None),
            ArgOrKeyword::Keyword(keyword) => takes(keyword.arg.as_deref()),
        })
        .filter_map(|argument| model.scopes.symbol_of(model.id(argument.value())))
        .collect()
}

/// Whether an argument is a parameter of which nothing is known.
fn is_given_by_callers(model: &Model<'_>, call: &ExprCall) -> bool {
    call.arguments.iter_source_order().any(|argument| {
        let symbol = model.scopes.symbol_of(model.id(argument.value()));
        symbol.is_some_and(|symbol| {
            let bindings = &model.scopes.symbol(symbol).bindings;
            bindings.iter().any(|&binding| {
                let binding = model.scopes.binding(binding);
                matches!(binding.kind, BindingKind::Parameter)
                    && matches!(
                        model.nodes.get(binding.node),
                        AnyNodeRef::Parameter(parameter) if parameter.annotation.is_none()
                    )
            })
        })
    })
}

fn quoted(model: &Model<'_>, range: TextRange) -> String {
    let text = model.slice(range);
    let line = text.lines().next().unwrap_or("").trim_end();
    format!("`{line}`")
}

/// One unit in the making.
pub(super) struct Work<'a, 'c, 'm> {
    pub(super) model: &'c Model<'a>,
    pub(super) declared: &'static Declared,
    mentions: &'m [Mention<'a>],
    pub(super) unit: UnitBuilder<'a, 'c>,
    /// The mentions that the unit rewrites.
    done: Vec<NodeId>,
    /// The calls of functions that take one of the values.
    takers: Vec<NodeId>,
    /// The calls that give a value of the type that they are called on.
    chained: Vec<NodeId>,
    /// The calls of members that are not awaited.
    same: Vec<NodeId>,
    /// The calls that are awaited.
    awaited: Vec<NodeId>,
    /// What else may raise exceptions: the values that are called, iterated and entered.
    raising: Vec<NodeId>,
    /// The calls that a value is passed to by keyword: they have to be members of values that are followed.
    passed: Vec<(NodeId, TextRange)>,
    /// The calls that are awaited unless what they give is entered at once.
    opened: Vec<NodeId>,
    /// Those of them that are.
    entered: Vec<NodeId>,
    /// Whether the values are followed over the project.
    is_part: bool,
    /// The names that stand for arguments, and their twins.
    replaced: Vec<(NodeId, &'static Twin)>,
}

impl<'a, 'c, 'm> Work<'a, 'c, 'm> {
    fn new(
        context: &Context<'a, 'c>,
        declared: &'static Declared,
        mentions: &'m [Mention<'a>],
        anchor: NodeId,
    ) -> Self {
        let model = context.model;
        let mut unit = context.unit(model.nodes.range(anchor));
        for dependency in super::dependencies(declared) {
            unit.dependency(dependency);
        }
        Self {
            model,
            declared,
            mentions,
            unit,
            done: Vec::new(),
            takers: Vec::new(),
            chained: Vec::new(),
            same: Vec::new(),
            awaited: Vec::new(),
            raising: Vec::new(),
            passed: Vec::new(),
            opened: Vec::new(),
            entered: Vec::new(),
            is_part: false,
            replaced: Vec::new(),
        }
    }

    /// Awaits what is opened and not entered.
    fn open(&mut self) -> Result<(), Refusal> {
        for node in std::mem::take(&mut self.opened) {
            if !self.entered.contains(&node) {
                self.unit.await_node(node)?;
            }
            self.awaited.push(node);
        }
        Ok(())
    }

    /// Migrates the values of these origins with all that they give.
    fn migrate(&mut self, group: &[(NodeId, Kind)]) -> Result<(), Refusal> {
        let makers: Vec<NodeId> = group.iter().map(|(node, _)| *node).collect();
        self.waits(&makers)?;
        let values = values::follow(self.model, self.declared, group);
        // What the unit rewrites has to be known before names are written: see `Self::twin`.
        let mut written: Vec<(NodeId, &'static Twin)> = Vec::new();
        for (node, _) in group {
            self.constructor(*node, &values, &mut written)?;
        }
        self.annotations(&values, &mut written)?;
        for uses in &values.uses {
            self.stays_inside(&uses.flow)?;
            for use_ in &uses.flow.uses {
                self.use_(&uses.kind, use_, &mut written)?;
            }
        }
        for (node, _) in group {
            let named = self.mention_of(*node).map(|mention| mention.named);
            let takes = matches!(named, Some(Named::Function(number)) if self.declared.functions[number].takes);
            if takes && !self.takers.contains(node) {
                let range = self.model.nodes.range(*node);
                let detail = "the value that it is given is not followed";
                return Err(Refusal::with_detail(&reasons::ESCAPES, range, detail));
            }
        }
        self.passed_on()?;
        self.without_twin()?;
        self.lives(&values)?;
        self.open()?;
        written.append(&mut self.replaced);
        self.done.extend(written.iter().map(|(node, _)| *node));
        for (node, twin) in written {
            self.twin(node, twin)?;
        }
        let made = group.iter().map(|(node, _)| *node);
        let calls: Vec<NodeId> = made.chain(self.awaited.iter().copied()).collect();
        self.exceptions(&calls)
    }

    /// What has no twin may be handed to a call of one of the values: where it is named in the same function, it is.
    fn without_twin(&self) -> Result<(), Refusal> {
        let model = self.model;
        let calls = self.awaited.iter().chain(&self.same);
        let runners: FxHashSet<u32> = calls
            .map(|&call| values::home(model.runner(call)))
            .collect();
        let named = self
            .mentions
            .iter()
            .find_map(|mention| match mention.named {
                Named::Refused(number) if !matches!(mention.place, Place::Caught) => {
                    let home = values::home(model.runner(mention.node));
                    runners.contains(&home).then_some((mention.node, number))
                }
                _ => None,
            });
        match named {
            None => Ok(()),
            Some((node, number)) => {
                let (path, why) = &self.declared.refused[number];
                let detail = format!("`{path}`: {why}");
                let range = model.nodes.range(node);
                Err(Refusal::with_detail(&reasons::NO_TWIN, range, detail))
            }
        }
    }

    /// Values may be passed to members of others by the keywords that their types name.
    fn passed_on(&self) -> Result<(), Refusal> {
        if let Some((call, range)) = self
            .passed
            .iter()
            .find(|(call, _)| !self.awaited.contains(call) && !self.same.contains(call))
        {
            let detail = quoted(self.model, self.model.nodes.range(*call));
            return Err(Refusal::with_detail(&reasons::ESCAPES, *range, detail));
        }
        Ok(())
    }

    /// Sees to the ends of the values that are made or given.
    fn lives(&mut self, values: &Values<'a>) -> Result<(), Refusal> {
        for (node, kind) in &values.origins {
            let Some(type_) = kind.whole(self.declared) else {
                continue;
            };
            let is_call = matches!(self.model.nodes.get(*node), AnyNodeRef::ExprCall(_));
            if type_.life != Life::Free
                && is_call
                && !self.is_chained(*node)
                && !self.is_kept(*node, kind)
            {
                let model = self.model;
                let own = model.follow(&[*node], true);
                self.ends_in_its_block(type_, *node, own.uses.iter().map(|use_| use_.node))?;
                if block::live(self, *node, type_.life, type_.transaction, values)? {
                    self.entered.push(*node);
                }
                let closing = own.uses.iter().filter_map(|use_| match use_.kind {
                    UseKind::Method { attribute, .. } if type_.is_end(&attribute.attr) => {
                        Some(use_.node)
                    }
                    _ => None,
                });
                self.closes(type_, closing);
            }
        }
        Ok(())
    }

    /// A value that has to be closed is, whatever happens.
    fn closes(&mut self, type_: &Type, mut closing: impl Iterator<Item = NodeId>) {
        let model = self.model;
        let is_sure = |node: NodeId| {
            let mut below = node;
            model.nodes.ancestors(node).any(|at| {
                let is_final = matches!(
                    model.nodes.get(at),
                    AnyNodeRef::StmtTry(try_)
                        if try_.finalbody.iter().any(|stmt| model.id(stmt) == below)
                );
                below = at;
                is_final
            })
        };
        if type_.life == Life::End
            && type_.transaction == Some(Transaction::Closes)
            && let Some(node) = closing.find(|&node| !is_sure(node))
        {
            self.unit
                .unsafe_because(model.nodes.range(node), MAY_NOT_CLOSE);
        }
    }

    /// Where the block of the sync value does not close it, but that of the twin does, nothing may use it behind.
    fn ends_in_its_block(
        &self,
        type_: &Type,
        origin: NodeId,
        mut uses: impl Iterator<Item = NodeId>,
    ) -> Result<(), Refusal> {
        let model = self.model;
        if type_.transaction.is_none() {
            return Ok(());
        }
        let AnyNodeRef::WithItem(item) = model.nodes.parent_node(origin) else {
            return Ok(());
        };
        let range = model.nodes.range(origin);
        if item.optional_vars.is_none() {
            let detail = "its block has no name for it";
            return Err(Refusal::with_detail(&reasons::NO_BLOCK, range, detail));
        }
        let statement = model
            .nodes
            .range(model.nodes.parent(model.nodes.parent(origin)));
        match uses.find(|&use_| !statement.contains_range(model.nodes.range(use_))) {
            None => Ok(()),
            Some(later) => {
                let range = model.nodes.range(later);
                let detail = "it is used behind its block, where the twin is closed";
                Err(Refusal::with_detail(&reasons::NO_BLOCK, range, detail))
            }
        }
    }

    /// Migrates the part of a component that one file has.
    fn migrate_part(&mut self, component: &Component, part: &Part) -> Result<(), Refusal> {
        let model = self.model;
        self.is_part = true;
        for dependency in super::dependencies(self.declared) {
            self.unit.dependency(dependency);
        }
        if !component.derived.is_empty() || !part.derived.is_empty() {
            let named = part.mentions.first();
            return Err(Refusal {
                reason: &reasons::CLASS_AS_VALUE,
                range: named.map(|named| named.range),
                detail: Some("a class of the project derives from it".to_string()),
            });
        }
        let mut others = component.parts.values();
        if others.all(|other| std::ptr::eq(other, part) || other.made.is_empty()) {
            self.waits(&part.made)?;
        }
        let values = self.values_of(part)?;
        let mut written: Vec<(NodeId, &'static Twin)> = Vec::new();
        for &node in &part.made {
            self.constructor(node, &values, &mut written)?;
        }
        let mut quoted: Vec<(&Named_, Option<&'static Twin>)> = Vec::new();
        for named in &part.mentions {
            let type_ = self.declared.made_by(&named.path);
            let twin = type_.and_then(|type_| self.declared.types[type_].twin.as_ref());
            if named.is_quoted {
                quoted.push((named, twin));
            } else {
                self.renamed(named.node, twin, &mut written)?;
            }
        }
        for uses in &values.uses {
            for use_ in &uses.flow.uses {
                self.use_(&uses.kind, use_, &mut written)?;
            }
        }
        self.passed_on()?;
        self.without_twin()?;
        for use_ in &part.uses {
            if let To::Stacked { .. } = &use_.to {
                self.unit.enter(use_)?;
            }
        }
        self.ends(component, part)?;
        self.open()?;
        written.append(&mut self.replaced);
        self.done.extend(written.iter().map(|(node, _)| *node));
        for (node, twin) in written {
            self.twin(node, twin)?;
        }
        for (named, twin) in quoted {
            self.quoted_twin(named, twin)?;
        }
        if let Some((_, range)) = component.global.filter(|_| !part.made.is_empty())
            && !self.declared.is_async
            && part
                .made
                .iter()
                .any(|&node| range.contains_range(model.nodes.range(node)))
        {
            self.unit.unsafe_because(range, SHARED);
        }
        let mut calls = part.made.clone();
        calls.extend(self.awaited.iter().copied());
        self.exceptions(&calls)
    }

    /// Whether one of the calls that make values makes one that may wait for something.
    fn waits(&self, makers: &[NodeId]) -> Result<(), Refusal> {
        let idle = |&node: &NodeId| {
            let AnyNodeRef::ExprCall(call) = self.model.nodes.get(node) else {
                return None;
            };
            let rules = match self.mention_of(node)?.named {
                Named::Function(number) => &self.declared.functions[number].member.arguments,
                Named::Type(type_) | Named::Constructor(type_) => {
                    &self.declared.types[type_].constructor
                }
                Named::Refused(_) => return None,
            };
            let first = call.arguments.args.first()?;
            let text = literal::string(first)?;
            let (_, why) = rules.idle.iter().find(|(idle, _)| *idle == text)?;
            Some(Refusal::with_detail(&reasons::IDLE, call.range(), why))
        };
        match makers.iter().map(idle).collect::<Option<Vec<Refusal>>>() {
            Some(all) => all.into_iter().next().map_or(Ok(()), Err),
            None => Ok(()),
        }
    }

    /// What is done in a file with the values of a component, each where it stands: who follows them over the project knows
    /// where they go from there.
    fn values_of(&self, part: &Part) -> Result<Values<'a>, Refusal> {
        let model = self.model;
        let mut values = Values::default();
        let mut seen: FxHashSet<NodeId> = FxHashSet::default();
        for given in &part.uses {
            if matches!(given.to, To::Asked(_)) || !seen.insert(given.node) {
                continue;
            }
            let mut flow = model.follow(&[given.node], false);
            flow.uses.retain(|use_| use_.node == given.node);
            // It goes on, and this is not seen here.
            if flow.uses.is_empty()
                && let To::Lost(why) = given.to
            {
                return Err(Refusal::with_detail(&reasons::ESCAPES, given.range, why));
            }
            values.uses.push(Uses {
                kind: self.declared.kind(given.kind),
                flow,
            });
        }
        Ok(values)
    }

    /// Sees to the ends of the values of a component. What a client gives may move into a block; where the client itself is
    /// not closed by hand, nothing tells when it is used for the last time.
    fn ends(&mut self, component: &Component, part: &Part) -> Result<(), Refusal> {
        let mut told: FxHashSet<u32> = FxHashSet::default();
        for origin in &part.origins {
            let kind = self.declared.kind(origin.kind);
            let Some(type_) = kind.whole(self.declared) else {
                continue;
            };
            let life = type_.life;
            let is_call = matches!(self.model.nodes.get(origin.node), AnyNodeRef::ExprCall(_));
            if life == Life::Free
                || !is_call
                || self.is_chained(origin.node)
                || self.is_kept(origin.node, &kind)
            {
                continue;
            }
            let of_place = |part: &Part| {
                let uses = part.uses.iter().filter(|use_| use_.place == origin.place);
                uses.cloned().collect::<Vec<ValueUse>>()
            };
            for other in component
                .parts
                .values()
                .filter(|other| !std::ptr::eq(*other, part))
            {
                if !of_place(other).is_empty() {
                    self.ends_in_its_block(type_, origin.node, std::iter::once(Nodes::ROOT))?;
                }
            }
            let own = of_place(part);
            self.ends_in_its_block(type_, origin.node, own.iter().map(|use_| use_.node))?;
            let is_close = |use_: &ValueUse| matches!(&use_.to, To::Attribute { name, .. } if type_.is_end(name));
            self.closes(
                type_,
                own.iter()
                    .filter(|use_| is_close(use_))
                    .map(|use_| use_.node),
            );
            let is_end = |use_: &ValueUse| match &use_.to {
                // A transaction does not close.
                To::With { .. } => type_.transaction.is_none() || use_.node == origin.node,
                To::Stacked { .. } => true,
                _ => life != Life::Enter && is_close(use_),
            };
            let mut parts = component.parts.values();
            if parts.any(|part| of_place(part).iter().any(is_end)) || !told.insert(origin.place) {
                continue;
            }
            let range = self.model.nodes.range(origin.node);
            if origin.is_given {
                let values = values::follow(self.model, self.declared, &[(origin.node, kind)]);
                if block::live(self, origin.node, life, type_.transaction, &values)? {
                    self.entered.push(origin.node);
                }
            } else if life == Life::Enter {
                let detail = "nothing enters it";
                return Err(Refusal::with_detail(&reasons::NO_BLOCK, range, detail));
            } else if life == Life::End {
                let detail = "nothing closes it";
                return Err(Refusal::with_detail(&reasons::NO_BLOCK, range, detail));
            } else {
                self.unit.unsafe_because(range, UNCLOSED);
            }
        }
        Ok(())
    }

    /// The name of the twin in an annotation in quotes.
    fn quoted_twin(&mut self, named: &Named_, twin: Option<&'static Twin>) -> Result<(), Refusal> {
        let Some(twin) = twin else {
            return Err(Refusal::at(&reasons::NO_TWIN, named.range));
        };
        let Some((module, name)) = twin.path.rsplit_once('.') else {
            return Ok(());
        };
        let old = self.model.slice(named.range);
        if !old.contains('.') && old != name {
            let import = ImportRequest::Name { module, name };
            return self.unit.succeed(named.range, import, named.node);
        }
        self.unit.release_quoted(named.range);
        self.unit
            .edit(Edit::replace(named.range, twin.path.as_str()));
        self.unit.import(ImportRequest::Module(module), named.node)
    }

    /// A name of the module can be read by every file.
    fn stays_inside(&self, flow: &Flow<'_>) -> Result<(), Refusal> {
        let scopes = &self.model.scopes;
        let outer = flow.bindings.iter().map(|&binding| scopes.binding(binding));
        let outer = outer.filter(|binding| {
            let scope = scopes.scope(scopes.symbol(binding.symbol).scope);
            matches!(scope.kind, ScopeKind::Module | ScopeKind::Class)
        });
        match outer.min_by_key(|binding| binding.range.start()) {
            None => Ok(()),
            Some(binding) => {
                let detail = quoted(self.model, binding.range);
                Err(Refusal::with_detail(
                    &reasons::ESCAPES,
                    binding.range,
                    detail,
                ))
            }
        }
    }

    /// A call of a function that neither takes nor gives a value that is followed.
    fn function(&mut self, node: NodeId, call: &'a ExprCall, number: usize) -> Result<(), Refusal> {
        let function = &self.declared.functions[number];
        self.call(&function.member, call, &format!("`{}()`", function.sync[0]))?;
        self.done.push(node);
        self.twin(node, &function.twin)?;
        for (node, twin) in std::mem::take(&mut self.replaced) {
            self.done.push(node);
            self.twin(node, twin)?;
        }
        self.exceptions(&[self.model.id(call)])
    }

    /// Whether a call gives the very value that it is called on: `client.options(...)`.
    fn is_chained(&self, node: NodeId) -> bool {
        self.mention_of(node).is_none() && self.chained.contains(&node)
    }

    /// Whether a node is the call that makes a value.
    fn is_origin(&self, node: NodeId) -> bool {
        self.mention_of(node).is_some()
    }

    fn mention_of(&self, call: NodeId) -> Option<&'m Mention<'a>> {
        self.mentions
            .iter()
            .find(|mention| matches!(mention.place, Place::Called(of) if self.model.id(of) == call))
    }

    /// What makes a value.
    fn constructor(
        &mut self,
        node: NodeId,
        values: &Values<'a>,
        written: &mut Vec<(NodeId, &'static Twin)>,
    ) -> Result<(), Refusal> {
        let (Some(mention), AnyNodeRef::ExprCall(call)) =
            (self.mention_of(node), self.model.nodes.get(node))
        else {
            return Ok(());
        };
        let declared = self.declared;
        match mention.named {
            Named::Type(type_) => {
                let type_ = &declared.types[type_];
                if let Some(Found::Member(Member {
                    colour: Colour::Refused(why),
                    ..
                })) = type_.member("", "__init__")
                {
                    let detail = format!("`{}()`: {why}", type_.sync[0]);
                    return Err(Refusal::with_detail(
                        &reasons::NO_TWIN,
                        call.range(),
                        detail,
                    ));
                }
                self.given(call, &type_.constructor, values)?;
                let longer = self.longer(node, type_, mention.node);
                let rules = &type_.constructor;
                let values = arguments::rewrite(self.model, &mut self.unit, call, rules, longer)?;
                self.replaced.extend(values);
                for name in &type_.install {
                    self.unit.dependency(Dependency::Add(name));
                }
                self.started(node, call, type_)?;
                self.renamed(mention.node, type_.twin.as_ref(), written)
            }
            Named::Constructor(type_) => {
                self.given(call, &declared.types[type_].constructor, values)?;
                self.started(node, call, &declared.types[type_])?;
                // `redis.Redis` of `redis.Redis.from_url`.
                let class = match self.model.nodes.get(mention.node) {
                    AnyNodeRef::ExprAttribute(attribute) => self.model.id(attribute.value.as_ref()),
                    _ => mention.node,
                };
                self.renamed(class, declared.types[type_].twin.as_ref(), written)
            }
            Named::Function(number) => {
                let function = &declared.functions[number];
                if function.takes {
                    // The value that it takes brings it along: see `Self::taken`.
                    return Ok(());
                }
                self.call(&function.member, call, &format!("`{}()`", function.sync[0]))?;
                if let Some(gives) = function.member.gives {
                    self.started(node, call, &declared.types[gives])?;
                }
                self.renamed(mention.node, Some(&function.twin), written)
            }
            Named::Refused(_) => Ok(()),
        }
    }

    /// Awaits what starts a value, unless that is done by hand.
    fn started(
        &mut self,
        node: NodeId,
        call: &ExprCall,
        type_: &'static Type,
    ) -> Result<(), Refusal> {
        match &type_.start {
            Some(method) if !self.starts_by_hand(call, type_)? => self.start(node, method),
            _ => Ok(()),
        }
    }

    /// Whether a call says already that the value is started later: `ConnectionPool(dsn, open=False)`.
    fn starts_by_hand(&self, call: &ExprCall, type_: &Type) -> Result<bool, Refusal> {
        let given = type_.constructor.add.iter().find_map(|(name, value)| {
            let keyword = literal::keyword(call, name)?;
            Some((keyword, name, value))
        });
        let Some((keyword, name, value)) = given else {
            return Ok(false);
        };
        if self.model.slice(keyword.value.range()) == value {
            return Ok(true);
        }
        let detail = format!("`{name}`: the twin takes `{value}` only");
        let range = keyword.range();
        Err(Refusal::with_detail(&reasons::ARGUMENT, range, detail))
    }

    /// Awaits what starts a value, behind the statement that makes it: `pool = Pool(); await pool.open()`.
    fn start(&mut self, node: NodeId, method: &str) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(node);
        let refuse = |detail: &str| Err(Refusal::with_detail(&reasons::NO_START, range, detail));
        let statement = model.nodes.parent(node);
        let target = match model.nodes.get(statement) {
            // Its block starts it.
            AnyNodeRef::WithItem(_) => return Ok(()),
            AnyNodeRef::StmtAssign(assign) => match &*assign.targets {
                [target] if literal::is_plain(target) => Some(target),
                _ => None,
            },
            AnyNodeRef::StmtAnnAssign(assign) => Some(&*assign.target),
            _ => None,
        };
        let Some(target) = target.filter(|target| !target.is_tuple_expr()) else {
            return refuse("it is not assigned to one name");
        };
        let started = format!("{}.{method}()", model.slice(target.range()));
        let Some(edits) = model.append(statement, &[colour::awaited(&started)]) else {
            return refuse("no line can stand behind it");
        };
        self.unit.edits(edits);
        self.unit.runs_in(statement);
        Ok(())
    }

    /// Whether the arguments that take values of declared types are given such.
    fn given(
        &self,
        call: &'a ExprCall,
        rules: &Arguments,
        values: &Values<'a>,
    ) -> Result<(), Refusal> {
        for (name, type_) in &rules.takes {
            let Some(keyword) = literal::keyword(call, name) else {
                continue;
            };
            let node = self.model.id(&keyword.value);
            let is_followed = values.uses.iter().any(|uses| {
                uses.kind == Kind::of(*type_) && uses.flow.uses.iter().any(|use_| use_.node == node)
            });
            if !is_followed && !literal::is_none(&keyword.value) {
                let detail = format!("`{name}=`: what it is given is not followed");
                let range = keyword.range();
                return Err(Refusal::with_detail(&reasons::ARGUMENT, range, detail));
            }
        }
        Ok(())
    }

    fn renamed(
        &self,
        node: NodeId,
        twin: Option<&'static Twin>,
        written: &mut Vec<(NodeId, &'static Twin)>,
    ) -> Result<(), Refusal> {
        let range = self.model.nodes.range(node);
        let Some(twin) = twin else {
            let detail = format!(
                "{} has no `async` in its [[type]]",
                quoted(self.model, range)
            );
            return Err(Refusal::with_detail(&reasons::NO_TWIN, range, detail));
        };
        written.push((node, twin));
        Ok(())
    }

    /// The annotations of the names that hold the values: `client: redis.Redis = redis.Redis()`.
    fn annotations(
        &mut self,
        values: &Values<'a>,
        written: &mut Vec<(NodeId, &'static Twin)>,
    ) -> Result<(), Refusal> {
        let scopes = &self.model.scopes;
        let symbols: FxHashSet<u32> = values
            .uses
            .iter()
            .flat_map(|uses| &uses.flow.symbols)
            .map(|symbol| symbol.number())
            .collect();
        for mention in self.mentions {
            let (Named::Type(type_), Place::Variable(statement)) = (mention.named, mention.place)
            else {
                continue;
            };
            let AnyNodeRef::StmtAnnAssign(assign) = self.model.nodes.get(statement) else {
                continue;
            };
            let target = self.model.id(assign.target.as_ref());
            let is_ours = scopes
                .binding_at(target)
                .is_some_and(|binding| symbols.contains(&scopes.binding(binding).symbol.number()));
            if is_ours {
                self.renamed(
                    mention.node,
                    self.declared.types[type_].twin.as_ref(),
                    written,
                )?;
            }
        }
        Ok(())
    }

    /// Writes the twin in place of a name or attribute chain.
    fn twin(&mut self, node: NodeId, twin: &'static Twin) -> Result<(), Refusal> {
        let model = self.model;
        // `GraphDatabase.driver` of a class that is imported: only the class changes.
        if let Some((class, method)) = twin.path.rsplit_once('.')
            && let AnyNodeRef::ExprAttribute(attribute) = model.nodes.get(node)
            && attribute.attr.as_str() == method
            && let Some(old) = model.meaning(&attribute.value).path()
            && let (Some((own, _)), Some((module, _))) =
                (old.rsplit_once('.'), class.rsplit_once('.'))
            && own == module
            && !class.contains('(')
            && is_class(class)
        {
            return self.named_twin(model.id(attribute.value.as_ref()), class);
        }
        if let Some(module) = &twin.import {
            self.unit.import(ImportRequest::Module(module), node)?;
            self.unit.rename(node, twin.path.as_str());
            return Ok(());
        }
        self.named_twin(node, &twin.path)
    }

    /// The same for a dotted path.
    fn named_twin(&mut self, node: NodeId, path: &'static str) -> Result<(), Refusal> {
        let model = self.model;
        let Some((module, name)) = path.rsplit_once('.') else {
            return Ok(());
        };
        match model.nodes.get(node) {
            // `openai.OpenAI` -> `openai.AsyncOpenAI`: whatever the module is called here.
            AnyNodeRef::ExprAttribute(attribute)
                if model.meaning(&attribute.value).path() == Some(module) =>
            {
                if attribute.attr.as_str() != name {
                    self.unit.edit(Edit::replace(attribute.attr.range(), name));
                }
                Ok(())
            }
            AnyNodeRef::ExprName(own) => {
                let import = ImportRequest::Name { module, name };
                if own.id.as_str() != name {
                    return self.unit.succeed(own.range(), import, node);
                }
                // Only the import changes, where nothing else needs the old one.
                if self.is_all_of(node) {
                    self.unit.replace_import(import);
                    self.unit.release(node);
                    return Ok(());
                }
                self.full_path(node, module, path)
            }
            _ => self.full_path(node, module, path),
        }
    }

    fn full_path(
        &mut self,
        node: NodeId,
        module: &'static str,
        path: &'static str,
    ) -> Result<(), Refusal> {
        self.unit.import(ImportRequest::Module(module), node)?;
        self.unit.rename(node, path);
        Ok(())
    }

    /// Whether the unit rewrites every use of the imported name at a node, so that the import itself may change.
    fn is_all_of(&self, node: NodeId) -> bool {
        let scopes = &self.model.scopes;
        scopes.symbol_of(node).is_some_and(|symbol| {
            scopes
                .symbol(symbol)
                .references
                .iter()
                .all(|reference| self.done.contains(reference))
                && importer::is_replaceable(self.model, symbol)
        })
    }

    /// One use of a value.
    fn use_(
        &mut self,
        kind: &Kind,
        use_: &Use<'a>,
        written: &mut Vec<(NodeId, &'static Twin)>,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(use_.node);
        let statement = quoted(model, model.nodes.range(model.statement_of(use_.node)));
        let refuse =
            |reason: &'static Reason| Err(Refusal::with_detail(reason, range, statement.clone()));
        if use_.certainty == Certainty::Mixed {
            return refuse(&reasons::MIXED);
        }
        if matches!(
            use_.kind,
            UseKind::Method { .. }
                | UseKind::Called(_)
                | UseKind::With { .. }
                | UseKind::Iterated(_)
                | UseKind::IteratedInComprehension(_)
        ) {
            self.raising.push(use_.node);
        }
        match use_.kind {
            UseKind::Method { attribute, call } => {
                let name = attribute.attr.as_str();
                let shown = format!("`.{}()`", dotted(kind, name));
                match kind.member(self.declared, name) {
                    Some(Found::Member(member)) => {
                        if let Some(new) = &member.rename {
                            self.unit.edit(Edit::replace(attribute.attr.range(), new));
                        }
                        if values::of_call(member, call) == Some(kind.type_) {
                            self.chained.push(model.id(call));
                        }
                        self.call(member, call, &shown)
                    }
                    Some(Found::Prefix(_) | Found::Gives(_)) | None => Err(Refusal::with_detail(
                        &reasons::UNKNOWN_MEMBER,
                        call.range(),
                        shown,
                    )),
                }
            }
            UseKind::Attribute(attribute)
                if kind
                    .whole(self.declared)
                    .is_some_and(|type_| type_.negate.contains_key(attribute.attr.as_str())) =>
            {
                self.negate(kind, attribute);
                Ok(())
            }
            UseKind::Attribute(attribute) => {
                let name = attribute.attr.as_str();
                let shown = format!("`.{}`", dotted(kind, name));
                let at = attribute.range();
                match kind.member(self.declared, name) {
                    Some(Found::Member(member)) => match &member.colour {
                        Colour::Same => {
                            if let Some(new) = &member.rename {
                                self.unit.edit(Edit::replace(attribute.attr.range(), new));
                            }
                            if let Some(note) = &member.note {
                                self.unit.unsafe_because(at, note.as_str());
                            }
                            Ok(())
                        }
                        Colour::Awaited => {
                            Err(Refusal::with_detail(&reasons::MEMBER_AS_VALUE, at, shown))
                        }
                        Colour::Refused(why) => {
                            let detail = format!("{shown}: {why}");
                            Err(Refusal::with_detail(&reasons::NO_TWIN, at, detail))
                        }
                    },
                    Some(Found::Prefix(_) | Found::Gives(_)) => Ok(()),
                    None => Err(Refusal::with_detail(&reasons::UNKNOWN_MEMBER, at, shown)),
                }
            }
            UseKind::AttributeStore(attribute)
                if kind
                    .whole(self.declared)
                    .is_some_and(|type_| type_.set.contains_key(attribute.attr.as_str())) =>
            {
                self.set(kind, attribute)
            }
            UseKind::AttributeStore(attribute) => {
                let name = attribute.attr.as_str();
                let fixed = kind
                    .whole(self.declared)
                    .and_then(|type_| type_.fixed.get(name));
                if let Some(why) = fixed {
                    let detail = format!("`.{name} =`: {why}");
                    let range = attribute.range();
                    return Err(Refusal::with_detail(&reasons::NO_TWIN, range, detail));
                }
                match kind.member(self.declared, attribute.attr.as_str()) {
                    Some(Found::Member(member))
                        if member.colour == Colour::Same && member.gives.is_none() =>
                    {
                        Ok(())
                    }
                    _ => refuse(&reasons::UNKNOWN_MEMBER),
                }
            }
            UseKind::Called(call) => match kind.member(self.declared, CALL) {
                Some(Found::Member(member)) => self.call(member, call, "its call"),
                _ => refuse(&reasons::PROTOCOL),
            },
            UseKind::With { statement, item } => match kind.whole(self.declared) {
                Some(type_) if statement.is_async && type_.with => {
                    self.entered.push(use_.node);
                    Ok(())
                }
                Some(type_) if type_.transaction.is_some() => {
                    self.transaction(type_, use_.node, statement, item)
                }
                Some(type_) if type_.with => {
                    if let Some(around) = &type_.around {
                        self.around(around, use_.node, statement, item)?;
                    }
                    self.entered.push(use_.node);
                    self.unit.async_with(statement, item)
                }
                _ => refuse(&reasons::PROTOCOL),
            },
            UseKind::Iterated(for_) if self.is_iterated(kind) => match for_.is_async {
                true => Ok(()),
                false => self.unit.async_for(for_),
            },
            UseKind::IteratedInComprehension(clause) if self.is_iterated(kind) => {
                match clause.is_async {
                    true => Ok(()),
                    false => self.unit.async_for(clause),
                }
            }
            UseKind::Iterated(for_) if self.is_listed(kind) => {
                self.listed(kind, model.id(for_.iter.as_ref()))
            }
            UseKind::IteratedInComprehension(clause) if self.is_listed(kind) => {
                self.listed(kind, model.id(&clause.iter))
            }
            // What it gives is awaited there already.
            UseKind::Awaited(_) if self.declared.is_async && !self.is_origin(use_.node) => Ok(()),
            UseKind::Argument { call, .. } if self.is_closing(call, use_.node).is_some() => {
                self.closing(kind, call, use_.node)
            }
            UseKind::Argument { call, keyword } => {
                if self.is_iterated(kind) && colour::is_collected(model, use_.node) {
                    return self.collect(use_.node);
                }
                if self.is_listed(kind) && colour::is_collected(model, use_.node) {
                    return self.listed(kind, use_.node);
                }
                if let Some(name) = keyword
                    && kind
                        .whole(self.declared)
                        .is_some_and(|type_| type_.passed.iter().any(|own| own == name))
                {
                    self.passed.push((model.id(call), range));
                    return Ok(());
                }
                self.taken(call, keyword, kind, written)
                    .unwrap_or_else(|| refuse(&reasons::ESCAPES))
            }
            UseKind::Unpacked
                if self.is_iterated(kind) && colour::is_collected(model, use_.node) =>
            {
                self.collect(use_.node)
            }
            UseKind::Subscripted => self.subscript(kind, use_),
            UseKind::IsNone | UseKind::Truth | UseKind::Discarded | UseKind::Deleted => Ok(()),
            // Who follows it over the project sees what takes it.
            UseKind::Contained if self.is_part && self.is_parallel(use_.node) => Ok(()),
            UseKind::Returned
            | UseKind::Yielded
            | UseKind::Stored
            | UseKind::Contained
            | UseKind::Unpacked => refuse(&reasons::ESCAPES),
            UseKind::BoolOperand | UseKind::Branch => refuse(&reasons::MIXED),
            UseKind::Iterated(_)
            | UseKind::IteratedInComprehension(_)
            | UseKind::Awaited(_)
            | UseKind::Compared
            | UseKind::Formatted
            | UseKind::Other => refuse(&reasons::PROTOCOL),
        }
    }

    /// By how many characters the line of a call that makes a value gets longer, apart from its arguments.
    fn longer(&self, node: NodeId, type_: &Type, mention: NodeId) -> usize {
        let model = self.model;
        let old = model.nodes.range(mention).len().to_usize();
        let is_name = model.nodes.get(mention).is_expr_name();
        let new = type_.twin.as_ref().map_or(old, |twin| match &twin.import {
            // Imported as the other was.
            None if is_name => twin.path.rsplit('.').next().map_or(old, str::len),
            _ => twin.path.len(),
        });
        let AnyNodeRef::WithItem(_) = model.nodes.parent_node(node) else {
            return new.saturating_sub(old);
        };
        let around = match (&type_.around, model.nodes.get(node)) {
            (Some(around), AnyNodeRef::ExprCall(call)) => {
                let first = literal::arguments(call).next();
                let text = first.map_or("", |first| model.slice(first.range()));
                around.replace("{}", text).len() + ", ".len()
            }
            _ => 0,
        };
        new.saturating_sub(old) + around + "async ".len()
    }

    /// Enters something before a value that a `with` statement makes: `with Client(app)` -> `with app.lifespan(), Client(app)`.
    fn around(
        &mut self,
        around: &str,
        node: NodeId,
        statement: &'a StmtWith,
        item: usize,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let first = match (self.mention_of(node), model.nodes.get(node)) {
            (Some(_), AnyNodeRef::ExprCall(call)) => literal::arguments(call).next(),
            _ => None,
        };
        let Some(first) = first.filter(|first| literal::is_plain(first)) else {
            let detail = quoted(model, model.nodes.range(node));
            let range = model.nodes.range(node);
            return Err(Refusal::with_detail(&reasons::PROTOCOL, range, detail));
        };
        let text = around.replace("{}", model.slice(first.range()));
        let range = statement.items[item].range();
        self.unit
            .edit(Edit::surround(range, format!("{text}, "), "", Layer::Outer));
        Ok(())
    }

    /// `with value:` that commits or rolls back.
    fn transaction(
        &mut self,
        type_: &Type,
        node: NodeId,
        statement: &'a StmtWith,
        item: usize,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let is_new = self.mention_of(node).is_some();
        let item_ = &statement.items[item];
        match (type_.transaction, is_new) {
            // Its block does the same, and closes: see `Self::ends_in_its_block`.
            (Some(Transaction::Commits), true) => {}
            (_, true) => {
                self.entered.push(node);
                let Some(Expr::Name(name)) = item_.optional_vars.as_deref() else {
                    let range = model.nodes.range(node);
                    let detail = "its block has no plain name for it";
                    return Err(Refusal::with_detail(&reasons::NO_BLOCK, range, detail));
                };
                self.unit.helper(&TRANSACTION, node)?;
                let text = format!(", {}({})", TRANSACTION.name, name.id);
                self.unit
                    .edit(Edit::insert(item_.end(), item_.range(), text));
            }
            (_, false) => {
                self.unit.helper(&TRANSACTION, node)?;
                let before = format!("{}(", TRANSACTION.name);
                let range = model.nodes.range(node);
                self.unit
                    .edit(Edit::surround(range, before, ")", Layer::Outer));
            }
        }
        self.unit.async_with(statement, item)
    }

    /// The item of a `with` statement that is `closing(value)`.
    fn is_closing(&self, call: &'a ExprCall, value: NodeId) -> Option<(&'a StmtWith, usize)> {
        let model = self.model;
        if model.meaning(&call.func).path() != Some("contextlib.closing")
            || self.mention_of(value).is_none()
            || call.arguments.len() != 1
        {
            return None;
        }
        let item = model.nodes.parent(model.id(call));
        let AnyNodeRef::StmtWith(statement) = model.nodes.parent_node(item) else {
            return None;
        };
        let mut items = statement.items.iter();
        let at = items.position(|own| model.id(own) == item)?;
        Some((statement, at))
    }

    /// `with closing(connect()) as value`: the block of the twin closes by itself.
    fn closing(&mut self, kind: &Kind, call: &'a ExprCall, node: NodeId) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(node);
        let closes = kind
            .whole(self.declared)
            .is_some_and(|type_| type_.transaction != Some(Transaction::Commits) && type_.with);
        let Some((statement, item)) = self.is_closing(call, node).filter(|_| closes) else {
            let detail = quoted(model, call.range());
            return Err(Refusal::with_detail(&reasons::ESCAPES, range, detail));
        };
        self.entered.push(node);
        self.unit.release(model.id(call.func.as_ref()));
        self.unit
            .edit(Edit::pieces(call.range(), vec![Piece::Source(range)]));
        self.unit.async_with(statement, item)
    }

    /// Whether a value is one of those that an assignment gives to as many names: `a, self.b = x, y`.
    fn is_parallel(&self, node: NodeId) -> bool {
        let model = self.model;
        let tuple = model.nodes.parent(node);
        matches!(model.nodes.parent_node(tuple), AnyNodeRef::StmtAssign(assign) if is_parallel(assign))
    }

    /// Whether a list of what a value holds takes its place where it is iterated.
    fn is_listed(&self, kind: &Kind) -> bool {
        kind.whole(self.declared)
            .is_some_and(|type_| type_.all.is_some())
    }

    /// `for x in value` becomes `for x in await value.fetchall()`.
    fn listed(&mut self, kind: &Kind, node: NodeId) -> Result<(), Refusal> {
        let all = kind
            .whole(self.declared)
            .and_then(|type_| type_.all.as_ref());
        let (Some(all), Some(expr)) = (all, self.model.expr(node)) else {
            return Ok(());
        };
        let range = self.model.parenthesized_range(expr);
        if self.awaited.contains(&node) || self.opened.contains(&node) {
            let detail = quoted(self.model, range);
            return Err(Refusal::with_detail(&reasons::PROTOCOL, range, detail));
        }
        self.unit
            .edit(Edit::surround(range, "", format!(".{all}()"), Layer::Wrap));
        self.unit.await_node(node)
    }

    /// `value.name` becomes `not value.other`.
    fn negate(&mut self, kind: &Kind, attribute: &'a ExprAttribute) {
        let model = self.model;
        let other = kind
            .whole(self.declared)
            .and_then(|type_| type_.negate.get(attribute.attr.as_str()));
        let Some(other) = other else {
            return;
        };
        self.unit
            .edit(Edit::replace(attribute.attr.range(), other.as_str()));
        let node = model.id(attribute);
        let range = model.parenthesized_range(ExprRef::from(attribute));
        match model.nodes.parent_node(node) {
            AnyNodeRef::ExprUnaryOp(unary) if unary.op == UnaryOp::Not => {
                let not = TextRange::new(unary.start(), range.start());
                self.unit.edit(Edit::delete(not));
            }
            AnyNodeRef::ExprUnaryOp(_)
            | AnyNodeRef::ExprBinOp(_)
            | AnyNodeRef::ExprCompare(_)
            | AnyNodeRef::ExprAttribute(_)
            | AnyNodeRef::ExprSubscript(_) => {
                self.unit
                    .edit(Edit::surround(range, "(not ", ")", Layer::Outer));
            }
            _ => self
                .unit
                .edit(Edit::surround(range, "not ", "", Layer::Outer)),
        }
    }

    /// `value[2]`, the item of a cursor: what the twin gives for a list of it.
    fn item(&mut self, index: &str, subscript: &'a ExprSubscript) -> Option<()> {
        let model = self.model;
        let at = literal::integer(&subscript.slice)?;
        // What the call says already, it may not say again: `find().skip(3)[2]`.
        let first = index.trim_start_matches('.').split('(').next()?;
        let mut value = subscript.value.as_ref();
        while let Expr::Call(call) = value {
            let Expr::Attribute(attribute) = call.func.as_ref() else {
                break;
            };
            if attribute.attr.as_str() == first {
                return None;
            }
            value = attribute.value.as_ref();
        }
        if !subscript.value.is_call_expr() {
            return None;
        }
        let header = colour::awaited("\0");
        let (before, after) = header.split_once('\0')?;
        let source = model.parenthesized_range(ExprRef::from(subscript.value.as_ref()));
        let pieces = vec![
            Piece::text(format!("({before}")),
            Piece::Source(source),
            Piece::text(format!(
                "{}{after})[0]",
                index.replace("{}", &at.to_string())
            )),
        ];
        self.unit.edit(Edit::pieces(subscript.range(), pieces));
        self.unit.runs_in(model.id(subscript));
        Some(())
    }

    /// `value.name = x` becomes an awaited call.
    fn set(&mut self, kind: &Kind, attribute: &'a ExprAttribute) -> Result<(), Refusal> {
        let model = self.model;
        let name = attribute.attr.as_str();
        let method = kind
            .whole(self.declared)
            .and_then(|type_| type_.set.get(name));
        let statement = model.nodes.parent(model.id(attribute));
        let (Some(method), AnyNodeRef::StmtAssign(assign)) = (method, model.nodes.get(statement))
        else {
            let detail = quoted(model, attribute.range());
            let range = attribute.range();
            return Err(Refusal::with_detail(&reasons::PROTOCOL, range, detail));
        };
        if assign.targets.len() != 1 {
            let detail = quoted(model, assign.range());
            return Err(Refusal::with_detail(
                &reasons::PROTOCOL,
                assign.range(),
                detail,
            ));
        }
        let header = colour::awaited("\0");
        let (before, after) = header.split_once('\0').unwrap_or_default();
        let pieces = vec![
            Piece::text(before),
            Piece::Source(model.parenthesized_range(ExprRef::from(attribute.value.as_ref()))),
            Piece::text(format!(".{method}(")),
            Piece::Source(assign.value.range()),
            Piece::text(format!("){after}")),
        ];
        self.unit.edit(Edit::pieces(assign.range(), pieces));
        self.unit.runs_in(statement);
        Ok(())
    }

    fn collect(&mut self, node: NodeId) -> Result<(), Refusal> {
        match self.model.expr(node) {
            Some(expr) => self.unit.collect(&expr),
            None => Ok(()),
        }
    }

    fn is_iterated(&self, kind: &Kind) -> bool {
        kind.whole(self.declared)
            .is_some_and(|type_| type_.iterated)
    }

    /// A call that a value is an argument of: one of a declared function that takes it.
    fn taken(
        &mut self,
        call: &'a ExprCall,
        keyword: Option<&str>,
        kind: &Kind,
        written: &mut Vec<(NodeId, &'static Twin)>,
    ) -> Option<Result<(), Refusal>> {
        if self.is_taken_back(call, kind) {
            self.passed.push((self.model.id(call), call.range()));
            return Some(Ok(()));
        }
        let mention = self.mention_of(self.model.id(call))?;
        let number = match mention.named {
            Named::Function(number) => number,
            Named::Type(type_) | Named::Constructor(type_) => {
                let takes = &self.declared.types[type_].constructor.takes;
                let fits = takes.iter().any(|(name, takes)| {
                    Some(name.as_str()) == keyword && *kind == Kind::of(*takes)
                });
                return fits.then_some(Ok(()));
            }
            Named::Refused(_) => return None,
        };
        let function = &self.declared.functions[number];
        if !function.takes {
            return None;
        }
        let node = self.model.id(call);
        if self.takers.contains(&node) {
            return Some(Ok(()));
        }
        self.takers.push(node);
        match &function.method {
            Some(method) => {
                if let Err(refusal) = self.as_method(mention.node, call, method, keyword) {
                    return Some(Err(refusal));
                }
            }
            None => written.push((mention.node, &function.twin)),
        }
        let shown = format!("`{}()`", function.sync[0]);
        Some(self.call(&function.member, call, &shown))
    }

    /// `f(value, x)` becomes `value.method(x)`.
    fn as_method(
        &mut self,
        named: NodeId,
        call: &'a ExprCall,
        method: &str,
        keyword: Option<&str>,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let mut arguments = call.arguments.iter_source_order();
        let first = arguments.next().map(|one| one.value().range());
        let (Some(first), Some(second), None) = (first, arguments.next(), keyword) else {
            let detail = quoted(model, call.range());
            return Err(Refusal::with_detail(
                &reasons::ARGUMENT,
                call.range(),
                detail,
            ));
        };
        let second = match second {
            ArgOrKeyword::Arg(value) => model.parenthesized_range(ExprRef::from(value)).start(),
            ArgOrKeyword::Keyword(keyword) => keyword.start(),
        };
        // What begins a line of its own goes on doing so.
        let line = model.slice(TextRange::new(model.line_start(second), second));
        let lead = match line.trim().is_empty() {
            true => format!("\n{line}"),
            false => String::new(),
        };
        let pieces = vec![
            Piece::Source(first),
            Piece::text(format!(".{method}({lead}")),
        ];
        let head = TextRange::new(call.start(), second);
        self.unit.edit(Edit::pieces(head, pieces));
        self.unit.release(named);
        self.done.push(named);
        Ok(())
    }

    /// Whether another value gave this one and takes it back: it sees to its end.
    fn is_kept(&self, origin: NodeId, kind: &Kind) -> bool {
        let mut types = self.declared.types.iter();
        self.mention_of(origin).is_none()
            && types.any(|type_| type_.takes.values().any(|taken| Kind::of(*taken) == *kind))
    }

    /// Whether a call takes a value at the end of its life: `pool.putconn(connection)`.
    fn is_taken_back(&self, call: &ExprCall, kind: &Kind) -> bool {
        let Expr::Attribute(attribute) = call.func.as_ref() else {
            return false;
        };
        let types = self.declared.types.iter();
        let mut takes = types.filter_map(|type_| type_.takes.get(attribute.attr.as_str()));
        takes.any(|taken| Kind::of(*taken) == *kind)
    }

    fn subscript(&mut self, kind: &Kind, use_: &Use<'a>) -> Result<(), Refusal> {
        let model = self.model;
        let range = model.nodes.range(use_.node);
        let AnyNodeRef::ExprSubscript(subscript) = model.nodes.parent_node(use_.node) else {
            return Ok(());
        };
        let is_known = kind.whole(self.declared).is_some_and(|type_| {
            subscript.ctx.is_load()
                && (type_.item.is_some()
                    || type_.is_data
                    || !type_.items.is_empty() && literal::string(&subscript.slice).is_some())
        });
        if is_known {
            return Ok(());
        }
        let index = kind
            .whole(self.declared)
            .and_then(|type_| type_.index.as_deref())
            .filter(|_| subscript.ctx.is_load());
        if index
            .and_then(|index| self.item(index, subscript))
            .is_some()
        {
            return Ok(());
        }
        let detail = quoted(model, subscript.range());
        Err(Refusal::with_detail(&reasons::PROTOCOL, range, detail))
    }

    /// A call of a member or function.
    fn call(
        &mut self,
        member: &'static Member,
        call: &'a ExprCall,
        shown: &str,
    ) -> Result<(), Refusal> {
        let model = self.model;
        let range = call.range();
        if let Some(when) = &member.when
            && !when.is_given
        {
            let decides = literal::keyword(call, &when.argument);
            let is_told = decides.is_none_or(|keyword| {
                literal::boolean(&keyword.value).is_some() || literal::is_none(&keyword.value)
            });
            let is_hidden = call.arguments.keywords.iter().any(|one| one.arg.is_none());
            if !is_told || is_hidden {
                let detail = format!("`{}=`", when.argument);
                return Err(Refusal::with_detail(
                    &reasons::DECIDING_ARGUMENT,
                    range,
                    detail,
                ));
            }
        }
        let is_used = !matches!(
            model.nodes.parent_node(model.id(call)),
            AnyNodeRef::StmtExpr(_)
        );
        match (&member.result, &member.pick) {
            (Some(why), None) if is_used => {
                let detail = format!("{shown}: {why}");
                return Err(Refusal::with_detail(&reasons::RESULT, range, detail));
            }
            (why, Some(part)) if is_used => {
                if let Some(why) = why {
                    self.unit.unsafe_because(range, why.as_str());
                }
                let is_tight = colour::is_parenthesized(model, model.id(call));
                let (before, after) = match is_tight {
                    true => ("", part.clone()),
                    false => ("(", format!("){part}")),
                };
                self.unit
                    .edit(Edit::surround(range, before, after, Layer::Outer));
            }
            _ => {}
        }
        let values = arguments::rewrite(model, &mut self.unit, call, &member.arguments, 0)?;
        self.replaced.extend(values);
        if let Some(note) = &member.note {
            self.unit.unsafe_because(range, note.as_str());
        }
        match &member.colour {
            Colour::Same => {
                self.same.push(model.id(call));
                Ok(())
            }
            Colour::Awaited if member.is_open => {
                self.opened.push(model.id(call));
                Ok(())
            }
            Colour::Awaited if member.is_pages && self.is_iterated_at_once(call) => Ok(()),
            Colour::Awaited => {
                let node = model.id(call);
                self.awaited.push(node);
                let is_awaited = matches!(model.nodes.parent_node(node), AnyNodeRef::ExprAwait(_));
                match is_awaited && self.declared.is_async {
                    true => Ok(()),
                    false => self.unit.await_(call),
                }
            }
            Colour::Refused(why) => {
                let detail = format!("{shown}: {why}");
                Err(Refusal::with_detail(&reasons::NO_TWIN, range, detail))
            }
        }
    }

    fn is_iterated_at_once(&self, call: &ExprCall) -> bool {
        let model = self.model;
        let node = model.id(call);
        match model.nodes.parent_node(node) {
            AnyNodeRef::StmtFor(for_) => model.id(for_.iter.as_ref()) == node,
            AnyNodeRef::Comprehension(clause) => model.id(&clause.iter) == node,
            _ => colour::is_collected(model, node),
        }
    }

    /// The handlers round the calls: they catch the exceptions of the twin.
    fn exceptions(&mut self, calls: &[NodeId]) -> Result<(), Refusal> {
        let declared = self.declared;
        let Some((first, _)) = declared.exceptions.first() else {
            return Ok(());
        };
        let family = first.split('.').next().unwrap_or(first);
        self.unit.stops_raising(family);
        let mut nodes = calls.to_vec();
        nodes.extend(&self.raising);
        for try_ in tries_round(self.model, &nodes) {
            self.handlers(try_)?;
        }
        Ok(())
    }

    /// Checks of what was caught name the classes of the twin as well.
    fn inside_handler(&mut self, handler: &'a ExceptHandlerExceptHandler) -> Result<(), Refusal> {
        let (model, declared) = (self.model, self.declared);
        let Some(name) = &handler.name else {
            return Ok(());
        };
        let Some(body) = handler.body.first() else {
            return Ok(());
        };
        let body = TextRange::new(body.start(), handler.end());
        let is_outermost =
            |node: NodeId| !matches!(model.nodes.parent_node(node), AnyNodeRef::ExprAttribute(_));
        let nodes: Vec<NodeId> = model
            .nodes
            .subtree(model.id(handler))
            .filter(|&node| body.contains_range(model.nodes.range(node)) && is_outermost(node))
            .filter(|&node| is_in_check(model, node, name))
            .collect();
        for node in nodes {
            let Some(expr) = model.expr(node) else {
                continue;
            };
            let meaning = model.meaning_of(expr);
            let twin = meaning.path().and_then(|path| {
                let mut moved = declared.exceptions.iter();
                moved.find_map(|(old, twin)| (old == path).then_some(twin))
            });
            if let Some(twin) = twin
                && !self.done.contains(&node)
            {
                self.done.push(node);
                self.twin(node, twin)?;
            }
        }
        Ok(())
    }

    fn handlers(&mut self, node: NodeId) -> Result<(), Refusal> {
        let (model, declared) = (self.model, self.declared);
        let AnyNodeRef::StmtTry(try_) = model.nodes.get(node) else {
            return Ok(());
        };
        for handler in &try_.handlers {
            let ExceptHandler::ExceptHandler(handler) = handler;
            let Some(caught) = handler.type_.as_deref() else {
                continue;
            };
            let kinds = match caught {
                Expr::Tuple(tuple) => tuple.elts.as_slice(),
                one => std::slice::from_ref(one),
            };
            let names = |path: &String| {
                let mut kinds = kinds.iter();
                kinds.any(|kind| model.meaning(kind).path() == Some(path.as_str()))
            };
            let apart = declared
                .caught_with
                .iter()
                .find(|(one, others)| names(one) && !others.iter().any(names));
            if let Some((one, others)) = apart {
                let detail = format!(
                    "for some of `{one}` the twin raises another one: catch `{}` with it",
                    others.join("` or `")
                );
                return Err(Refusal::with_detail(
                    &reasons::EXCEPTIONS,
                    caught.range(),
                    detail,
                ));
            }
            let mut moves = false;
            for kind in kinds {
                let refuse = || {
                    let detail = quoted(model, kind.range());
                    Err(Refusal::with_detail(
                        &reasons::EXCEPTIONS,
                        kind.range(),
                        detail,
                    ))
                };
                let meaning = model.meaning(kind);
                let Some(path) = meaning.path() else {
                    return refuse();
                };
                match declared.exceptions.iter().find(|(old, _)| old == path) {
                    Some((_, twin)) => {
                        moves = true;
                        let node = model.id(kind);
                        if !self.done.contains(&node) {
                            self.done.push(node);
                            self.twin(node, twin)?;
                        }
                    }
                    None if is_wide(path) => {}
                    None => return refuse(),
                }
            }
            self.inside_handler(handler)?;
            if !moves {
                continue;
            }
            self.unit.unsafe_because(caught.range(), OTHER_EXCEPTION);
            if let Some(name) = &handler.name {
                let of_caught: Vec<&ExprAttribute> = model
                    .attributes()
                    .filter(|attribute| {
                        handler.range().contains_range(attribute.range())
                            && matches!(attribute.value.as_ref(), Expr::Name(read) if read.id == name.id)
                    })
                    .collect();
                for attribute in of_caught {
                    let mut known = declared.caught.iter();
                    let known = known.find(|(old, _)| old == attribute.attr.as_str());
                    let Some((_, new)) = known else {
                        let detail = quoted(model, attribute.range());
                        let range = attribute.range();
                        return Err(Refusal::with_detail(&reasons::EXCEPTIONS, range, detail));
                    };
                    let node = model.id(attribute);
                    if new != attribute.attr.as_str() && !self.done.contains(&node) {
                        self.done.push(node);
                        let range = attribute.attr.range();
                        self.unit.edit(Edit::replace(range, new.as_str()));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Whether an expression is asked for the class of what was caught: `isinstance(error, psycopg2.Error)`.
fn is_in_check(model: &Model<'_>, node: NodeId, name: &str) -> bool {
    let mut above = model.nodes.ancestors(node);
    let call = above.find_map(|at| match model.nodes.get(at) {
        AnyNodeRef::ExprCall(call) => Some(call),
        _ => None,
    });
    call.is_some_and(|call| {
        let first = call.arguments.args.first();
        model.meaning(&call.func).path() == Some("builtins.isinstance")
            && matches!(first, Some(Expr::Name(first)) if first.id.as_str() == name)
    })
}

/// Whether a dotted path is that of a class, and not of a module: by its name, as PEP 8 has it.
fn is_class(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    name.starts_with(char::is_uppercase)
}

/// The `try` statements whose bodies hold one of these nodes, each once.
pub(crate) fn tries_round(model: &Model<'_>, nodes: &[NodeId]) -> Vec<NodeId> {
    let mut tries: Vec<NodeId> = Vec::new();
    for &node in nodes {
        let runner = model.runner(node);
        let mut below = node;
        for at in model.nodes.ancestors(node) {
            if let AnyNodeRef::StmtTry(try_) = model.nodes.get(at)
                && model.runner(at) == runner
                && try_.body.iter().any(|stmt| model.id(stmt) == below)
                && !tries.contains(&at)
            {
                tries.push(at);
            }
            below = at;
        }
    }
    tries
}

/// Whether a class catches old and new exceptions alike, or neither.
pub(crate) fn is_wide(path: &str) -> bool {
    let builtin = path.strip_prefix("builtins.").unwrap_or("");
    matches!(
        builtin,
        "Exception"
            | "BaseException"
            | "ValueError"
            | "TypeError"
            | "KeyError"
            | "IndexError"
            | "LookupError"
            | "AttributeError"
            | "KeyboardInterrupt"
            | "SystemExit"
    )
}

/// What a client of a module means.
const SHARED: &str = "the client is shared by all that imports it, and works in one event loop only: a second `asyncio.run` fails";

/// What a connection means that an error leaves open.
const MAY_NOT_CLOSE: &str = "an error before `close()` leaves the connection open, and its thread keeps the program from ending";

/// What commits or rolls back at the end of a block, and closes nothing.
static TRANSACTION: Helper = Helper {
    name: "_transaction",
    source: include_str!("transaction.py"),
    at_import: false,
    module: None,
    imports: &[ImportRequest::Name {
        module: "contextlib",
        name: "asynccontextmanager",
    }],
};

/// What a value that nobody closes means.
const UNCLOSED: &str =
    "nothing closes the async client, which then complains when the program ends";

/// What a moved exception means for its handlers.
const OTHER_EXCEPTION: &str =
    "the exceptions of the twin have other base classes, attributes and texts";

/// The name of a member with the namespaces before it.
fn dotted(kind: &Kind, name: &str) -> String {
    if kind.prefix.is_empty() {
        name.to_string()
    } else {
        format!("{}.{name}", kind.prefix)
    }
}
