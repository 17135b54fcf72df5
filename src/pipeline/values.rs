//! Units that follow a value through all files: each file of a component is parsed once more, and its codemod says what
//! becomes of the uses there.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use ruff_python_ast::AnyNodeRef;
use rustc_hash::{FxHashMap, FxHashSet};

use super::examine::{context_of, suppressed};
use super::lines::Lines;
use super::load::{FactsLoader, with_model};
use super::parse::parse;
use super::request::Request;
use super::search::is_elsewhere;
use super::{Gathered, given};
use crate::callgraph::facts::Outlook;
use crate::callgraph::facts::values as reading;
use crate::callgraph::project::ProjectFacts;
use crate::callgraph::resolve::ClassId;
use crate::callgraph::values::{Asked, FileValues};
use crate::codemod::{self, Context, Following, Search, Settings};
use crate::declare;
use crate::discovery::{self, Kind};
use crate::index::Project;
use crate::pins::Pins;
use crate::plan::{Left, Outcome, Plan, UnitReport};
use crate::propagate::Loader;
use crate::public::Api;
use crate::seeds::foreign::Foreign;
use crate::semantic::{Model, NodeId};
use crate::source;
use crate::suppress::Suppressions;
use crate::unit::{ColourSite, FileId, FunctionId, Reason, Safety, Unit};
use crate::values::{self, Component, DeclaredKinds, Fact, Files, Held, Part, Reads};

/// Reads what files tell of values.
struct Reader<'p> {
    project: &'p Project,
    settings: &'p Settings,
    /// The calls whose values are followed, by file.
    given: FxHashMap<FileId, FxHashSet<NodeId>>,
}

impl Reads for Reader<'_> {
    fn values(&self, files: &[FileId], asked: Asked<'_>) -> Vec<(FileId, FileValues)> {
        files
            .par_iter()
            .filter(|&&id| matches!(self.project.file(id).kind, Kind::Module | Kind::Script))
            .filter_map(|&id| {
                let bytes = discovery::read(&self.project.file(id).path).ok()?;
                let values = with_model(self.project, id, &bytes, |model| {
                    let is_first_party = |module: &str| self.project.may_be_first_party(module);
                    let outlook = Outlook {
                        is_first_party: &is_first_party,
                        is_seed: &|_| false,
                    };
                    let none = FxHashSet::default();
                    let given = self.given.get(&id).unwrap_or(&none);
                    reading::read(model, self.settings.target, outlook, asked, given)
                })?;
                Some((id, values))
            })
            .collect()
    }
}

/// Reads what else a codemod asks of the files.
struct Asking<'p> {
    loader: &'p dyn Loader,
    project: &'p Project,
    held: Held,
}

impl Files for Asking<'_> {
    fn holding(&self, words: &[String]) -> Vec<FileId> {
        let mut files = self.loader.holding(words, &FxHashSet::default());
        files.sort_unstable();
        files
    }

    fn facts(
        &self,
        files: &[FileId],
        look: &(dyn Fn(&Model<'_>) -> Vec<Fact> + Sync),
    ) -> Vec<(FileId, Vec<Fact>)> {
        let project = self.project;
        files
            .par_iter()
            .filter_map(|&id| {
                let bytes = discovery::read(&project.file(id).path).ok()?;
                let facts = with_model(project, id, &bytes, look)?;
                Some((id, facts))
            })
            .collect()
    }

    fn visit(&self, files: &[FileId], look: &(dyn Fn(FileId, &Model<'_>) + Sync)) {
        files.par_iter().for_each(|&id| {
            if let Ok(bytes) = discovery::read(&self.project.file(id).path) {
                with_model(self.project, id, &bytes, |model| look(id, model));
            }
        });
    }

    fn held(&self) -> &Held {
        &self.held
    }
}

/// What the units change that the propagation has to know.
#[derive(Default)]
pub(super) struct Known {
    /// The classes that get an async base.
    pub(super) converted: FxHashSet<ClassId>,
    /// The calls that are awaited, and those that are the library's.
    pub(super) followed: FxHashSet<(FileId, NodeId)>,
    /// The methods that the async base awaits.
    pub(super) overrides: FxHashSet<FunctionId>,
    /// The functions that go on blocking, because a component stays.
    pub(super) blocking: Vec<FunctionId>,
}

/// Whether another thread may do what units of this codemod do: see [`Following::may_thread`].
pub(super) fn may_thread(codemod: &str) -> bool {
    crate::codemods::FOLLOWING
        .iter()
        .filter(|following| following.codemod.name == codemod)
        .all(|following| following.may_thread)
}

/// Whether something is left for what it is, and not because it blocks there: the constructor of a client.
pub(super) fn is_about_object(left: &Left) -> bool {
    let is_of = |reasons: &[&'static Reason]| {
        reasons
            .iter()
            .any(|reason| std::ptr::eq(*reason, left.reason))
    };
    crate::codemods::FOLLOWING
        .iter()
        .any(|following| following.codemod.name == left.codemod && is_of(following.about_object))
        || !may_thread(left.codemod)
        || is_of(values::REASONS)
}

/// Adds the units of the codemods that follow values. The files that are read for it are added to the facts.
#[expect(clippy::too_many_arguments, reason = "see `join` of `spread`")]
pub(super) fn follow(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    loader: &dyn Loader,
    facts: &mut ProjectFacts,
    known: &mut Known,
    gathered: &mut Gathered,
    plan: &mut Plan,
) {
    let declared = request.codemods.iter().filter_map(|codemod| {
        let declared = codemod.declared.filter(|one| one.is_asked_for(settings))?;
        declare::following(codemod, declared)
    });
    let all = crate::codemods::FOLLOWING.iter().copied();
    for following in all.chain(declared) {
        // Every file was searched for its triggers: if none has one, no other need be read.
        if !gathered.following.contains(following.codemod.name) {
            continue;
        }
        let given = if following.is_of_units {
            given::of(following.codemod.name, &gathered.units)
        } else {
            FxHashMap::default()
        };
        if following.is_of_units && given.is_empty() {
            continue;
        }
        let reader = Reader {
            project,
            settings,
            given,
        };
        let mut of_calls: Vec<FileId> = reader.given.keys().copied().collect();
        of_calls.sort_unstable();
        let tracked = &following.tracked;
        let kinds = following
            .codemod
            .declared
            .map(|declared| declared as &dyn DeclaredKinds);
        let mut components =
            values::follow(tracked, kinds, &of_calls, project, facts, loader, &reader);
        if following.is_of_units {
            given::tell(&mut components, following.codemod.name, &gathered.units);
        }
        // What a codemod follows inside a function by itself is done.
        let done: FxHashSet<(FileId, NodeId)> = gathered
            .units
            .iter()
            .filter(|unit| unit.codemod == following.codemod.name)
            .flat_map(|unit| unit.made.iter().map(|&node| (unit.file, node)))
            .collect();
        components.retain(|component| {
            let mut made = component.parts.iter();
            !made.any(|(&file, part)| part.made.iter().any(|&node| done.contains(&(file, node))))
        });
        if let Some(survey) = following.survey
            && components.iter().any(|one| one.trouble.is_none())
        {
            let asked = Asking {
                loader,
                project,
                held: Held::of(&components),
            };
            let surveyed = survey(&asked);
            let trouble = surveyed.trouble;
            let advice: Arc<[_]> = surveyed.advice.into();
            for component in components.iter_mut().filter(|one| one.trouble.is_none()) {
                component.advice = Arc::clone(&advice);
                component.trouble.clone_from(&trouble);
                if let Some(trouble) = &trouble {
                    component.parts.entry(trouble.file).or_default();
                }
            }
        }
        let mut results: Vec<FxHashMap<FileId, Written>> = Vec::new();
        results.resize_with(components.len(), FxHashMap::default);
        let mut is_taken = vec![false; components.len()];
        for (file, written) in write(following, settings, project, &components) {
            for (component, written) in written {
                match written {
                    Some(written) => {
                        results[component].insert(file, written);
                    }
                    None => is_taken[component] = true,
                }
            }
        }
        let is_library = is_library(&request.config.root);
        let api = is_library.then(|| Api::of(project, &request.config.src));
        let mut parts: Vec<Result<Option<Whole>, Vec<Left>>> = Vec::new();
        let left = components.iter().zip(results).zip(is_taken);
        for ((component, mut written), is_taken) in left {
            if is_taken {
                parts.push(Ok(None));
                continue;
            }
            let whole = join(
                following,
                project,
                facts,
                api.as_ref(),
                component,
                &mut written,
                known,
                gathered,
            );
            if following.is_of_units {
                parts.push(whole);
                continue;
            }
            match whole {
                Ok(Some((unit, report))) => {
                    gathered.units.push(unit);
                    gathered.reports.push(report);
                }
                Ok(None) => {}
                Err(mut troubles) => plan.left.push(troubles.swap_remove(0)),
            }
        }
        if following.is_of_units {
            let name = following.codemod.name;
            given::attach(name, &components, parts, known, gathered, plan);
        }
    }
}

/// [`follow`] where no function changes colour, so that nothing else is known of the files.
pub(super) fn follow_alone(
    request: &Request<'_>,
    settings: &Settings,
    project: &Project,
    pins: &Pins<'_>,
    gathered: &mut Gathered,
    plan: &mut Plan,
) {
    if gathered.following.is_empty() {
        return;
    }
    let foreign = Foreign::new(&[], project);
    let loader = FactsLoader::new(project, settings.target, pins, &foreign);
    let mut facts = ProjectFacts::default();
    follow(
        request,
        settings,
        project,
        &loader,
        &mut facts,
        &mut Known::default(),
        gathered,
        plan,
    );
}

/// A unit and what is told of it.
pub(super) type Whole = (Unit, UnitReport);

/// What became of the part of a component in one file.
struct Written {
    /// The functions that hold a call which would be awaited.
    blocking: Vec<FunctionId>,
    outcome: Result<(Unit, UnitReport), Box<Left>>,
    baseline: Arc<source::Source>,
    bytes: Vec<u8>,
}

/// What became of the components that have a part in one file, by their numbers.
type OfFile = Vec<(usize, Option<Written>)>;

/// Runs the codemod on every file of the components, one parse for each file. `None` where the component is the business of
/// another unit.
fn write(
    following: &Following,
    settings: &Settings,
    project: &Project,
    components: &[Component],
) -> Vec<(FileId, OfFile)> {
    let mut by_file: BTreeMap<FileId, Vec<(usize, &Component, &Part)>> = BTreeMap::new();
    for (number, component) in components.iter().enumerate() {
        for (&file, part) in &component.parts {
            by_file
                .entry(file)
                .or_default()
                .push((number, component, part));
        }
    }
    let by_file: Vec<_> = by_file.into_iter().collect();
    let search = |own: FileId, word: &str| is_elsewhere(project, own, word);
    by_file
        .into_par_iter()
        .filter_map(|(file, parts)| {
            let path = &project.file(file).path;
            let bytes = discovery::read(path).ok()?;
            let source = Arc::new(source::decode(&bytes).ok()?);
            let parsed = parse(&source.text, crate::python::PythonVersion::PY314).ok()?;
            let model = Model::new(&source.text, &parsed, &project.file(file).module);
            let context = Context::new(&model, settings, project, file, following.codemod);
            let context = context.searching(&search);
            let written = parts
                .into_iter()
                .map(|(number, component, part)| {
                    let mut blocking = Vec::new();
                    if (following.is_taken)(&context, component) {
                        return (number, None);
                    }
                    let outcome = write_part(
                        following,
                        settings,
                        project,
                        file,
                        &model,
                        component,
                        part,
                        &search,
                        &mut blocking,
                    );
                    let written = Written {
                        blocking,
                        outcome,
                        baseline: Arc::clone(&source),
                        bytes: bytes.clone(),
                    };
                    (number, Some(written))
                })
                .collect();
            Some((file, written))
        })
        .collect()
}

#[expect(
    clippy::too_many_arguments,
    reason = "one file of a component, and what is known of both"
)]
fn write_part(
    following: &Following,
    settings: &Settings,
    project: &Project,
    file: FileId,
    model: &Model<'_>,
    component: &Component,
    part: &Part,
    search: &Search<'_>,
    blocking: &mut Vec<FunctionId>,
) -> Result<(Unit, UnitReport), Box<Left>> {
    let name = &project.file(file).name;
    let lines = Lines::new(model.text);
    let left = |range, reason, detail| {
        Box::new(Left {
            codemod: following.codemod.name,
            place: lines.place(name, range),
            function: context_of(model, range),
            reason,
            detail,
        })
    };
    let made = part.made.iter().map(|&node| model.nodes.range(node));
    let others = part.mentions.iter().map(|named| named.range);
    let uses = part.uses.iter().map(|use_| use_.range);
    let anchor = made
        .min_by_key(|range| range.start())
        .or_else(|| others.chain(uses).min_by_key(|range| range.start()))
        .unwrap_or_default();
    let context = Context::new(model, settings, project, file, following.codemod);
    let mut context = context.searching(search);
    let mut builder = context.unit(anchor);
    let result = (following.rewrite)(&context, component, part, &mut builder);
    blocking.extend(builder.functions());
    if let Some(trouble) = &component.trouble
        && trouble.file == file
        && !following.is_of_units
    {
        return Err(left(trouble.range, trouble.reason, trouble.detail.clone()));
    }
    if let Err(refusal) = result {
        return Err(left(
            refusal.range.unwrap_or(anchor),
            refusal.reason,
            refusal.detail,
        ));
    }
    context.add(builder);
    let (mut units, mut skips) = context.finish();
    if let Some(skip) = skips.pop() {
        return Err(left(skip.range, skip.reason, skip.detail));
    }
    let Some(mut unit) = units.pop() else {
        return Err(left(anchor, &codemod::SUPPRESSED, None));
    };
    let suppressions = Suppressions::of(model);
    if let Some(range) = suppressed(&unit, &suppressions, model) {
        return Err(left(range, &codemod::SUPPRESSED, None));
    }
    unit.foreign.extend(chained(model, file, &unit));
    let report = UnitReport {
        codemod: unit.codemod,
        place: lines.place(name, unit.range),
        function: context_of(model, unit.range),
        safety: unit.safety,
        outcome: Outcome::Taken,
        notes: unit
            .notes
            .iter()
            .map(|note| (lines.place(name, note.range), note.text.clone()))
            .collect(),
    };
    Ok((unit, report))
}

/// The calls of members of what the library's calls give: `session.scalars(query).all()` calls no `all` of the project.
fn chained(model: &Model<'_>, file: FileId, unit: &Unit) -> Vec<(FileId, NodeId)> {
    let awaited = unit.colour.iter().filter_map(|(of, site)| match site {
        ColourSite::Await { node } => Some((*of, *node)),
        _ => None,
    });
    let calls = awaited.chain(unit.foreign.iter().copied());
    let mut found = Vec::new();
    for (_, call) in calls.filter(|(of, _)| *of == file) {
        let mut at = call;
        while let AnyNodeRef::ExprAttribute(member) = model.nodes.parent_node(at)
            && let AnyNodeRef::ExprCall(next) = model.nodes.parent_node(model.id(member))
            && model.id(next.func.as_ref()) == model.id(member)
        {
            at = model.id(next);
            found.push((file, at));
        }
    }
    found
}

/// Whether a project is one that others install.
fn is_library(root: &std::path::Path) -> bool {
    let says = |name: &str, word: &[u8]| {
        discovery::read(&root.join(name))
            .is_ok_and(|bytes| memchr::memmem::find(&bytes, word).is_some())
    };
    says("pyproject.toml", b"[build-system]")
        || says("setup.py", b"setup(")
        || says("setup.cfg", b"[metadata]")
}

/// What a library's callers see.
const API_NOTE: &str =
    "callers outside of the project have to pass the async class to this public function";

/// The same, of what a function returns.
const GIVEN_NOTE: &str =
    "callers outside of the project get an object of the other library from this public function";

/// Makes one unit of the parts of all files, or says why it is left: the first reason counts.
#[expect(
    clippy::too_many_arguments,
    reason = "the state of a run, and one component of it"
)]
fn join(
    following: &Following,
    project: &Project,
    facts: &ProjectFacts,
    api: Option<&Api>,
    component: &Component,
    written: &mut FxHashMap<FileId, Written>,
    known: &mut Known,
    gathered: &mut Gathered,
) -> Result<Option<Whole>, Vec<Left>> {
    let mut whole: Option<Whole> = None;
    let mut troubles: Vec<Left> = Vec::new();
    let mut baselines = Vec::new();
    let mut blocking: Vec<FunctionId> = Vec::new();
    for &file in component.parts.keys() {
        let Some(part) = written.remove(&file) else {
            // It cannot be read or parsed.
            let unreadable: &'static Reason = &values::VALUE_FIXED;
            if let Some((_, report)) = &whole {
                troubles.push(Left {
                    codemod: following.codemod.name,
                    place: report.place.clone(),
                    function: report.function.clone(),
                    reason: unreadable,
                    detail: Some(format!("`{}`", project.file(file).name)),
                });
            }
            continue;
        };
        blocking.extend(part.blocking);
        match part.outcome {
            Err(left) => troubles.push(*left),
            Ok((unit, report)) => {
                if !unit.edits.is_empty() || !unit.colour.is_empty() {
                    baselines.push((file, part.baseline, part.bytes));
                }
                whole = Some(match whole {
                    None => (unit, report),
                    // It is shown where the value is made.
                    Some(whole) if makes(component, whole.0.file) => merge(whole, unit, report),
                    Some((other, its)) => merge((unit, report), other, its),
                });
            }
        }
    }
    // What the following itself says is in the way comes first.
    if let Some(trouble) = component
        .trouble
        .as_ref()
        .filter(|_| !following.is_of_units)
    {
        let name = &project.file(trouble.file).name;
        let at = troubles
            .iter()
            .position(|left| left.reason == trouble.reason && left.place.file == *name);
        if let Some(at) = at {
            troubles.swap(0, at);
        }
    }
    if !troubles.is_empty() {
        if following.may_thread {
            known.blocking.extend(blocking);
        }
        return Err(troubles);
    }
    let Some((mut unit, mut report)) = whole else {
        return Ok(None);
    };
    let is_told = unit.notes.is_empty() || !following.is_of_units;
    if unit.edits.is_empty() && unit.colour.is_empty() && is_told {
        return Ok(None);
    }
    // Nothing is done with the values that blocks: an annotation alone, a client that is only asked for its settings.
    let is_idle = unit.colour.is_empty() && unit.needs_async.is_empty();
    if is_idle && following.codemod.declared.is_some() {
        return Ok(None);
    }
    for parameter in &component.parameters {
        let id = parameter.function;
        let Some(of_file) = facts.get(&id.file) else {
            continue;
        };
        let function = &of_file.functions[id.index as usize];
        if api.is_some_and(|api| api.holds(id.file, of_file, function)) {
            unit.safety = Safety::Unsafe;
            report.safety = Safety::Unsafe;
            let name = &project.file(id.file).name;
            let text = discovery::read(&project.file(id.file).path)
                .ok()
                .and_then(|bytes| source::decode(&bytes).ok());
            if let Some(source) = text {
                let place = Lines::new(&source.text).place(name, function.header);
                report.notes.push((place, API_NOTE.to_string()));
            }
            break;
        }
    }
    let public = component.returned.iter().find(|id| {
        following.is_of_units
            && facts.get(&id.file).is_some_and(|of_file| {
                let function = &of_file.functions[id.index as usize];
                api.is_some_and(|api| api.holds(id.file, of_file, function))
            })
    });
    if let Some(id) = public {
        unit.safety = Safety::Unsafe;
        report.safety = Safety::Unsafe;
        let name = &project.file(id.file).name;
        let header = facts[&id.file].functions[id.index as usize].header;
        let text = discovery::read(&project.file(id.file).path)
            .ok()
            .and_then(|bytes| source::decode(&bytes).ok());
        if let Some(source) = text {
            let place = Lines::new(&source.text).place(name, header);
            report.notes.push((place, GIVEN_NOTE.to_string()));
        }
    }
    for (file, baseline, bytes) in baselines {
        gathered.baselines[file.0 as usize].get_or_insert((baseline, bytes));
    }
    known.converted.extend(&component.derived);
    for class in &component.derived {
        let methods = facts
            .get(&class.file)
            .and_then(|facts| facts.classes.get(class.index as usize))
            .map_or(&[][..], |class| &class.methods);
        let overrides = methods
            .iter()
            .filter(|(name, _)| following.tracked.members.contains(&name.as_str()));
        known
            .overrides
            .extend(overrides.map(|&(_, index)| FunctionId {
                file: class.file,
                index,
            }));
    }
    known
        .followed
        .extend(unit.colour.iter().filter_map(|(file, site)| match *site {
            ColourSite::Await { node } => Some((*file, node)),
            _ => None,
        }));
    known.followed.extend(unit.foreign.iter().copied());
    Ok(Some((unit, report)))
}

fn makes(component: &Component, file: FileId) -> bool {
    component
        .parts
        .get(&file)
        .is_some_and(|part| !part.made.is_empty())
}

/// Makes one unit of two, shown where the first is.
pub(super) fn merge((mut unit, mut report): Whole, other: Unit, its: UnitReport) -> Whole {
    unit.needs_async.extend(other.needs_async);
    unit.needs_async.sort_unstable();
    unit.needs_async.dedup();
    unit.edits.extend(other.edits);
    unit.colour.extend(other.colour);
    unit.imports.extend(other.imports);
    unit.released.extend(other.released);
    unit.successions.extend(other.successions);
    unit.renamed.extend(other.renamed);
    unit.foreign.extend(other.foreign);
    unit.nexts.extend(other.nexts);
    unit.helpers.extend(other.helpers);
    unit.handlers.extend(other.handlers);
    unit.raised_in.extend(other.raised_in);
    unit.confined.extend(other.confined);
    unit.reshaped.absorb(other.reshaped);
    unit.stops_raising = unit.stops_raising.or(other.stops_raising);
    for dependency in other.dependencies {
        if !unit.dependencies.contains(&dependency) {
            unit.dependencies.push(dependency);
        }
    }
    unit.min_python = unit.min_python.max(other.min_python);
    unit.safety = unit.safety.max(other.safety);
    unit.notes.extend(other.notes);
    report.safety = unit.safety;
    report.notes.extend(its.notes);
    (unit, report)
}
