//! The edges and barriers of the requirement graph.

use rustc_hash::FxHashSet;

use super::barriers::Surroundings;
use super::likely::is_test_file;
use super::programs::Runs;
use super::protocol::{Protocol, awaits_in_iter, is_plain_iter};
use super::reasons::{
    CALLED_BY_TOOL, CALLED_OUTSIDE, CONSTRUCTOR_FORM, CONTEXT_MANAGER, DOCTEST, DOUBLE, FIXED_FILE,
    GENERATOR, HALF_PROTOCOL, INSTANCE_ESCAPES, MIXED, NAMED_IN_STRING, PROPERTY_USE, RACE,
    RETURNS_AWAITABLE, SPECIAL_METHOD, TEST_HOOK, UNKNOWN_RECEIVER, UNREAD_CALLER, UNRESOLVED_CALL,
};
use super::rules::{Describe, Places, Rules};
use super::shape::Shape;
use super::testing::{self, Role};
use super::tools;
use super::unseen::{Stranger, Unseen, is_uncalled};
use super::{Propagation, Settled, functions_of, holder};
use crate::callgraph::resolve::Called;
use crate::callgraph::{Call, Function, Usage};
use crate::codemod::USED_AS_VALUE;
use crate::colour;
use crate::semantic::Runner;
use crate::semantic::common::is_common_method;
use crate::solve::{Graph, Node};
use crate::unit::{FileId, FunctionId, Holder, Reason};
use rustc_hash::FxHashMap;

impl Propagation {
    /// Adds what the functions reachable from the graph's holders require, and their barriers. `describe` names a place.
    /// Returns the calls that cannot be awaited whatever becomes of what runs them, each with its number in the facts of its
    /// file.
    pub fn requirements(
        &self,
        settled: &Settled<'_>,
        graph: &mut Graph,
        rules: &Rules<'_>,
        describe: &Describe<'_>,
    ) -> FxHashSet<(FileId, usize)> {
        let most = graph.most() + 1;
        let mut unawaited = FxHashSet::default();
        let (resolver, index) = (settled.resolver(), settled.index());
        let project = settled.project;
        let holders: Vec<Holder> = graph.holders().collect();
        let mut functions: Vec<FunctionId> = index
            .reached(resolver, &functions_of(&holders), &|id| {
                index.is_fixed(resolver, id, self.allow_unsafe)
            })
            .into_iter()
            .collect();
        functions.sort_unstable();
        let entry_points = settled.entry_points();
        let is_entry = |id: FunctionId| entry_points.contains(id);
        // Half units go past the uses that are barriers.
        let ends = |id: FunctionId| {
            index.is_fixed(resolver, id, self.allow_unsafe)
                || rules.stays.contains(&id)
                || !rules.halves && !index.values_of(id).is_empty()
        };
        let mut running: Vec<FunctionId> = index
            .reached(resolver, &functions_of(&holders), &ends)
            .into_iter()
            .collect();
        running.sort_unstable();
        let entries = self.entries(index, &running, rules.begins, resolver, entry_points);
        let may_turn = index.reached(resolver, &functions_of(&holders), &|id| {
            is_entry(id) || ends(id)
        });
        let needed = index.needed(resolver, &functions_of(&holders), &|id| {
            is_entry(id) || index.is_fixed(resolver, id, self.allow_unsafe)
        });
        let mentions = self.mentions(resolver, entry_points);
        let mut turning: Vec<FunctionId> = may_turn
            .iter()
            .copied()
            .filter(|&id| !is_entry(id))
            .collect();
        turning.retain(|&id| {
            resolver
                .function(id)
                .is_some_and(|function| !function.is_async)
        });
        turning.sort_unstable();
        let turned = self.turned(index, resolver, &turning);
        let runs: FxHashMap<FunctionId, Runs> = functions
            .iter()
            .filter(|&&id| is_entry(id) && may_turn.contains(&id))
            .map(|&id| {
                let mut runs =
                    self.runs_of(index, resolver, &mentions, entry_points, id, &may_turn);
                let is_held = holders.contains(&Holder::Function(id));
                runs.one_call = self.only_call(id, &turned, is_held).is_some();
                (id, runs)
            })
            .collect();
        // Those that run a loop already are called by name as well.
        let running = entry_points.all().filter(|id| {
            let runs_loop = |function: &Function| function.runs_loop && !function.is_async;
            !runs.contains_key(id) && resolver.function(*id).is_some_and(runs_loop)
        });
        let running: Vec<(FunctionId, Runs)> = running
            .map(|id| {
                let none_turns = FxHashSet::default();
                let runs = self.runs_of(index, resolver, &mentions, entry_points, id, &none_turns);
                (id, runs)
            })
            .collect();
        let running = running.iter().map(|(id, runs)| (id, runs));
        let mut through: Vec<(FunctionId, Option<String>)> = runs
            .iter()
            .chain(running)
            .flat_map(|(&id, runs)| {
                let name = resolver
                    .function(id)
                    .map(|function| format!("through `{}`", function.qualified_name));
                runs.callers
                    .iter()
                    .map(move |&caller| (caller, name.clone()))
            })
            .collect();
        through.sort_unstable();
        let loops = self.reaching(|function| function.runs_loop, index, resolver, through);
        let forks = self.reaching(|function| function.forks, index, resolver, Vec::new());
        let greenlets = self.reaching(|function| function.greenlets, index, resolver, Vec::new());
        let places = loops.keys().chain(runs.keys()).chain(forks.keys());
        let looping = self.looping_places(index, places.copied());
        let closing = self.closing(index, resolver);
        let mut with_lookups = self.facts.tables().with_lookups.clone();
        with_lookups.sort_unstable();
        let around = Surroundings {
            project,
            resolver,
            rules,
            loops: &loops,
            forks: &forks,
            greenlets: &greenlets,
            entry_points,
            with_lookups: &with_lookups,
        };
        // A wrapper is known to others by the name of its decorator.
        let known_as = |id: FunctionId| index.decorators.maker(id).unwrap_or(id);
        let dotted: Vec<String> = functions
            .iter()
            .map(|&id| {
                let id = known_as(id);
                let function = resolver
                    .function(id)
                    .map_or("", |function| function.qualified_name.as_str());
                format!("{}.{function}", project.file(id.file).module.name)
            })
            .collect();
        // Who looks a class up by its name makes instances of it.
        let classes = functions.iter().map(|&id| {
            let function = resolver.function(id).filter(|function| {
                Protocol::of(function).is_some()
                    || !self.overrides.contains(&id) && is_uncalled(resolver, index, project, id)
            });
            match function.and_then(|function| function.qualified_name.rsplit_once('.')) {
                Some((class, _)) => format!("{}.{class}", project.file(id.file).module.name),
                // Stands in no string.
                None => "\0".to_string(),
            }
        });
        let with_classes: Vec<String> = dotted.iter().cloned().chain(classes).collect();
        let quoted = (rules.quoted)(&with_classes, &self.doubled_texts());
        let names: Vec<String> = functions
            .iter()
            .map(|&id| match resolver.function(known_as(id)) {
                // Who has an instance of it calls that.
                Some(function) if Protocol::of(function).is_some() => {
                    let path = function.qualified_name.rsplit('.').nth(1);
                    path.unwrap_or_default().to_string()
                }
                Some(function) if function.class.is_some() => format!(".{}", function.name),
                Some(function) => function.name.clone(),
                None => String::new(),
            })
            .collect();
        let unread = if self.unread.is_empty() {
            Places::default()
        } else {
            // Who has the class may hand its objects to anybody.
            let classes = functions.iter().map(|&id| {
                let function = resolver.function(id).filter(|function| {
                    !rules.allow_unsafe
                        && is_common_method(&function.name)
                        && is_uncalled(resolver, index, project, id)
                });
                let class =
                    function.and_then(|function| function.qualified_name.rsplit('.').nth(1));
                class.unwrap_or_default().to_string()
            });
            let with_classes: Vec<String> = names.iter().cloned().chain(classes).collect();
            (rules.held)(&self.unread, &with_classes)
        };
        let strangers = Unseen::new(self, resolver, index, project, rules.named);
        self.renamed_barriers(&around, &functions, graph);
        let examples = self.examples(settled);
        for &holder in rules.begins {
            if let Holder::Statement(file, statement) = holder
                && let Some(reason) =
                    self.statement_barrier(file, statement, &entries, rules, &looping)
            {
                graph.fixed_barrier(Node::Holder(holder), reason, None);
            }
        }
        // What an `__iter__` itself awaits cannot be awaited in `__aiter__`.
        for &holder in &holders {
            if let Holder::Function(id) = holder
                && resolver.function(id).is_some_and(is_plain_iter)
            {
                graph.barrier(Node::Holder(holder), &SPECIAL_METHOD, None);
            }
        }
        let escapes = strangers.escapes();
        for (number, id) in functions.into_iter().enumerate() {
            let Some(function) = resolver.function(id) else {
                continue;
            };
            let node = Node::Holder(Holder::Function(id));
            if !function.is_async && self.facts[&id.file].is_fixed {
                let place = describe(id.file, function.line);
                graph.barrier(node, &FIXED_FILE, Some(place));
                continue;
            }
            if !function.is_async
                && let Some(place) = unread.get(&number).or(unread.get(&(dotted.len() + number)))
            {
                graph.barrier(node, &UNREAD_CALLER, Some(place.clone()));
            }
            if let Some(runs) = runs.get(&id) {
                if let Some((reason, detail)) =
                    self.entry_point_barrier(&around, index, id, function, runs, describe)
                {
                    graph.fixed_barrier(node, reason, detail);
                }
                continue;
            }
            if !function.is_async
                && let Some(place) = quoted.get(&number)
            {
                graph.barrier(node, &NAMED_IN_STRING, Some(place.clone()));
            }
            if function.is_async {
                continue;
            }
            if let Some(place) = quoted.get(&(dotted.len() + number)) {
                let in_tests = is_test_file(place.rsplit_once(':').map_or(place, |(file, _)| file));
                if Protocol::of(function).is_some() || !in_tests {
                    graph.barrier(node, &NAMED_IN_STRING, Some(place.clone()));
                }
            }
            if let Some((file, line)) = examples.may_be(id, function)
                && let Some(runner) = (rules.doctests)()
            {
                let place = describe(file, line);
                graph.barrier(node, &DOCTEST, Some(format!("{place}, run by {runner}")));
            }
            if let Role::Hook = testing::role(&self.test_names, resolver, project, id, function)
                && let Some((file, line)) =
                    testing::hook_calls(resolver, &self.facts, index, id, function)
            {
                let detail = format!("it is called in another way ({})", describe(file, line));
                graph.barrier(node, &TEST_HOOK, Some(detail));
            }
            if let Some(place) = index.doubles.of(id, function) {
                let at = describe(place.file, place.line);
                graph.barrier(node, &DOUBLE, Some(format!("{at}: {}", place.detail)));
            }
            if let Some((reason, detail)) = self.intrinsic_barrier(&around, id, function) {
                // The others of its protocol cannot turn without it.
                if matches!(Shape::of(function), Shape::Manager | Shape::Iterator) {
                    graph.barrier(node, reason, detail);
                } else {
                    graph.fixed_barrier(node, reason, detail);
                }
                continue;
            }
            if Protocol::of(function).is_some()
                && let Some((file, line)) = escapes.of(id, function)
            {
                graph.barrier(node, &INSTANCE_ESCAPES, Some(describe(file, line)));
                continue;
            }
            if let Some(maker) = index.decorators.maker(id) {
                self.decorator_barrier(index, resolver, maker, node, graph, describe);
            }
            let shape = Shape::of(function);
            if let Some(&(file, line)) = index.shared.mixed.get(&id) {
                graph.barrier(node, &MIXED, Some(describe(file, line)));
            }
            for other in index.shared_with(id) {
                if !needed.contains(&other)
                    && let Some(other) = resolver.function(other)
                {
                    let detail = format!("`{}` has nothing to await", other.qualified_name);
                    graph.barrier(node, &MIXED, Some(detail));
                }
            }
            for other in resolver
                .kin(id)
                .into_iter()
                .chain(index.peers_of(id))
                .chain(index.shared_with(id))
            {
                graph.require(node, Node::Holder(Holder::Function(other)));
                // One call may reach both, and it is written in one way.
                if let Some(other) = resolver.function(other)
                    && Shape::of(other) != shape
                {
                    let reason = match (shape, Shape::of(other)) {
                        (Shape::Property, _) | (_, Shape::Property) => &PROPERTY_USE,
                        (Shape::ContextManager, _) | (_, Shape::ContextManager) => &CONTEXT_MANAGER,
                        _ => &GENERATOR,
                    };
                    let detail = format!("`{}` is of another kind", other.qualified_name);
                    graph.barrier(node, reason, Some(detail));
                }
            }
            for &(file, number) in index.calls_of(id) {
                let is_fixed = self.facts[&file].is_fixed;
                let call = &self.facts[&file].calls[number];
                if is_fixed {
                    graph.barrier(node, &FIXED_FILE, Some(describe(file, call.line)));
                    continue;
                }
                if let Some(method) = &call.made_by
                    && matches!(resolver.called(file, method), Called::Functions(_))
                {
                    let place = (file, call.line);
                    let detail = Some(describe(file, call.line));
                    graph.use_barrier(node, &USED_AS_VALUE, detail, place);
                    unawaited.insert((file, number));
                    continue;
                }
                let holder = holder(file, call.runner);
                match self.call_requirement(function, file, call, rules, closing.contains(&id)) {
                    Ok(()) if call.runner == Runner::Module => {
                        match self.entry_barrier(file, call, &entries, rules, shape, &looping) {
                            None => {}
                            Some(reason) if shape.is_whole() => {
                                graph.barrier(node, reason, Some(describe(file, call.line)));
                            }
                            Some(reason) => {
                                let detail = Some(describe(file, call.line));
                                graph.use_barrier(node, reason, detail, (file, call.line));
                                unawaited.insert((file, number));
                            }
                        }
                    }
                    Ok(())
                        if matches!(holder, Holder::Function(caller)
                            if awaits_in_iter(resolver, index, caller, id)) =>
                    {
                        let detail = format!("{}: in `__iter__`", describe(file, call.line));
                        graph.barrier(node, &HALF_PROTOCOL, Some(detail));
                    }
                    Ok(()) => graph.require(node, Node::Holder(holder)),
                    // A special method, a property or a constructor goes for all its uses or for none.
                    Err(reason) if shape.is_whole() => {
                        graph.barrier(node, reason, Some(describe(file, call.line)));
                    }
                    Err(reason) => {
                        let detail = Some(describe(file, call.line));
                        graph.use_barrier(node, reason, detail, (file, call.line));
                        unawaited.insert((file, number));
                    }
                }
            }
            for &(file, line) in index.values_of(id).iter().take(most) {
                let detail = Some(describe(file, line));
                if shape.is_whole() {
                    graph.barrier(node, &USED_AS_VALUE, detail);
                    continue;
                }
                graph.use_barrier(node, &USED_AS_VALUE, detail, (file, line));
            }
            // What is defined in a function is no member of a module.
            if function.class.is_none() && function.outer.is_none() {
                for (named, reason) in [
                    (&index.unresolved, &UNRESOLVED_CALL),
                    (&index.taken, &USED_AS_VALUE),
                ] {
                    let places = named.get(&function.name).into_iter().flatten();
                    for &(file, line) in places.take(most) {
                        let detail = Some(describe(file, line));
                        graph.use_barrier(node, reason, detail, (file, line));
                    }
                }
            }
            if let Some(((of, line), places)) = index.uses_through_modules(id, function) {
                for at in places.take(most) {
                    let (place, module) = (describe(at.file, at.line), describe(of, line));
                    let detail = format!("{place}; its module is used as a value ({module})");
                    let at = (at.file, at.line);
                    graph.use_barrier(node, &UNKNOWN_RECEIVER, Some(detail), at);
                }
            }
            // A unit that follows the objects awaits every call of it, and so does the library.
            let is_followed = self.overrides.contains(&id);
            if function.class.is_some() && !is_followed {
                let name = resolver.stored_name(id, function);
                for at in index.possible_receivers(name, id, function).take(most) {
                    let place = describe(at.file, at.line);
                    let detail = if self.likely.is_offered(name) {
                        format!("{place}; `--unsafe` takes it for a call of this method")
                    } else {
                        place
                    };
                    if shape.is_whole() {
                        graph.barrier(node, &UNKNOWN_RECEIVER, Some(detail));
                        continue;
                    }
                    let at = (at.file, at.line);
                    graph.use_barrier(node, &UNKNOWN_RECEIVER, Some(detail), at);
                }
            }
            if function.is_property
                && let Some(&(file, line)) = index
                    .asked
                    .get(&function.name)
                    .and_then(|places| places.first())
            {
                graph.barrier(node, &PROPERTY_USE, Some(describe(file, line)));
            }
            let file = &project.file(id.file).name;
            let by_tool = || match testing::role(&self.test_names, resolver, project, id, function)
            {
                Role::None => {
                    tools::calls(file, function)
                        || tools::may_collect(file, function)
                            && !index.is_taken_as_value(id)
                            && resolver.family(id).iter().all(|other| *other == id)
                }
                _ => false,
            };
            let is_uncalled = || {
                std::iter::once(id)
                    .chain(resolver.family(id))
                    .all(|id| index.calls_of(id).is_empty())
            };
            if !rules.named.contains(&id)
                && (tools::is_build_hook(function) || is_uncalled() && by_tool())
            {
                graph.barrier(node, &CALLED_BY_TOOL, None);
            }
            if let Some(stranger) = strangers.stranger(id) {
                let of_library = is_common_method(&function.name);
                let detail = match stranger {
                    Stranger::Handed((file, line)) if of_library => {
                        Some(format!("handed the object at {}", describe(file, line)))
                    }
                    Stranger::Handed((file, line)) if !rules.allow_unsafe => Some(format!(
                        "handed the object at {}; `--unsafe` takes it",
                        describe(file, line)
                    )),
                    Stranger::OutOfSight((file, line)) if !rules.allow_unsafe => Some(format!(
                        "it goes out of sight at {}; `--unsafe` takes it",
                        describe(file, line)
                    )),
                    Stranger::Handed(_) | Stranger::OutOfSight(_) => None,
                };
                if detail.is_some() {
                    graph.barrier(node, &CALLED_OUTSIDE, detail);
                }
            }
        }
        unawaited
    }

    /// Whether a call is all that a lambda does.
    fn hands_on(&self, file: FileId, runner: u32, call: &Call) -> bool {
        self.facts[&file]
            .functions
            .get(runner as usize)
            .is_some_and(|runner| runner.hands_on == Some(call.node))
    }

    /// Whether a call can be awaited, apart from what runs it.
    pub(super) fn call_requirement(
        &self,
        function: &Function,
        file: FileId,
        call: &Call,
        rules: &Rules<'_>,
        closes: bool,
    ) -> Result<(), &'static Reason> {
        if call.is_race && !rules.allow_unsafe {
            return Err(&RACE);
        }
        match call.usage {
            Usage::Awaited | Usage::Coroutine => Err(&RETURNS_AWAITABLE),
            _ if Shape::of(function) != Shape::Plain => match Shape::of(function)
                .sites(function, call, closes)
            {
                Some(Ok(_)) => Ok(()),
                Some(Err(reason)) => Err(reason),
                None if Shape::of(function) == Shape::Property => Err(&PROPERTY_USE),
                None if Shape::of(function) == Shape::Constructor => Err(&CONSTRUCTOR_FORM),
                None if matches!(Shape::of(function), Shape::ContextManager | Shape::Manager) => {
                    Err(&CONTEXT_MANAGER)
                }
                None => Err(&GENERATOR),
            },
            Usage::Value
            | Usage::With(..)
            | Usage::Iterated(_)
            | Usage::Collected
            | Usage::Stacked(_)
            | Usage::Delegated(_)
            | Usage::Advanced => match (&call.placement, call.runner) {
                (Ok(_), Runner::Class) => Err(&colour::CLASS_BODY),
                (Ok(_), Runner::Module | Runner::Function(_)) => Ok(()),
                // The lambda hands the coroutine on.
                (Err(_), Runner::Function(index)) if self.hands_on(file, index, call) => Ok(()),
                (Err(_), Runner::Function(_)) if rules.allow_unsafe && call.lifted.is_some() => {
                    Ok(())
                }
                (Err(reason), _) => Err(reason),
            },
        }
    }
}
