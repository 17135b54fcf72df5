//! From each read of a lazy attribute back to the queries that load its object, over all files: what they have to load, too.

use std::collections::BTreeMap;
use std::sync::Mutex;

use ruff_text_size::TextRange;
use rustc_hash::{FxHashMap, FxHashSet};

use super::declared::{Declared, Kind};
use super::reads::{Call, Definition, Functions, Read, Reads, Repair, Schema, Seen};
use super::trouble;
use super::values::{Callee, Ends, Form, Load, Objects, Root, Value};
use crate::unit::FileId;
use crate::values::{Advice, Files, Trouble};

/// How far objects are followed from function to function.
const DEPTH: usize = 8;

/// `session.query(User)` gets options.
pub const QUERY: u8 = 0;
/// `select(User)` gets options.
pub const SELECT: u8 = 1;
/// `session.get(User, key)` gets options.
pub const GET: u8 = 2;
/// An object is refreshed before a statement.
pub const REFRESH: u8 = 3;

/// The first text of an advice holds this where the session may hold objects that have to be read again.
pub const OLD: &str = "old";
/// The same where the class is in no file.
pub const UNSEEN: &str = "unseen";

/// What a query has to load: chains of a loader, a class and an attribute each.
#[derive(Clone, Debug, Default)]
struct Need {
    load: Option<Load>,
    is_old: bool,
    chains: Vec<Vec<Step>>,
}

/// `selectinload(User.posts)`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    loader: &'static str,
    class: String,
    attribute: String,
}

/// The functions of the project that were asked for.
#[derive(Default)]
struct Known {
    asked: FxHashSet<String>,
    definitions: Vec<(FileId, Definition)>,
    calls: Vec<(FileId, Call)>,
}

/// What is found on the way.
struct Search<'s> {
    files: &'s dyn Files,
    declared: &'s Declared,
    known: Known,
    needs: BTreeMap<(FileId, u32, u32), Need>,
    refreshed: BTreeMap<(FileId, u32, u32), (Repair, Vec<String>)>,
    /// The parameters on the way, so that functions that call each other end.
    open: Vec<(String, String)>,
    /// Whether a query was found.
    reached: bool,
    /// Whether one was found of a class with lazy attributes.
    reached_lazy: bool,
    /// The fields of schemas, which read what has their name, properties too.
    fields: FxHashSet<&'s str>,
}

/// Says what is to be done, so that all attributes are loaded that the files read.
///
/// # Errors
/// The first read that nothing can be done for.
pub fn advise(
    files: &dyn Files,
    declared: &Declared,
    words: &[String],
) -> Result<Vec<Advice>, Trouble> {
    let found: Mutex<BTreeMap<FileId, Reads>> = Mutex::new(BTreeMap::new());
    let held = files.held();
    files.visit(&files.holding(words), &|file, model| {
        let reads = Objects::new(model, declared, held.of_file(file)).reads();
        if let Ok(mut found) = found.lock() {
            found.insert(file, reads);
        }
    });
    let found = found.into_inner().unwrap_or_default();
    let mut schemas: FxHashMap<&str, &Schema> = FxHashMap::default();
    for reads in found.values() {
        for schema in &reads.schemas {
            schemas.insert(&schema.name, schema);
        }
    }
    let mut search = Search {
        files,
        declared,
        known: Known::default(),
        needs: BTreeMap::new(),
        refreshed: BTreeMap::new(),
        open: Vec::new(),
        reached: false,
        reached_lazy: false,
        fields: schemas
            .values()
            .flat_map(|schema| schema.fields.iter().map(|(field, _)| field.as_str()))
            .collect(),
    };
    for (&file, reads) in &found {
        for read in &reads.reads {
            search.read(file, read)?;
        }
        for schema in &reads.schemas {
            if let Some((range, name)) = &schema.odd {
                return Err(trouble(file, *range, name));
            }
        }
        for shown in &reads.shown {
            let mut chains = Vec::new();
            let names = match &shown.field {
                Some(field) => types_of(&schemas, &shown.schemas, field),
                None => shown.schemas.clone(),
            };
            for name in &names {
                chains_of(&schemas, declared, name, &mut Vec::new(), &mut chains);
            }
            for chain in chains {
                for seen in &shown.seen {
                    let name = chain.last().map_or("", String::as_str);
                    let told = (file, shown.range, name);
                    if shown.field.is_some() {
                        search.field(file, seen, &chain, told)?;
                    } else {
                        search.need(file, seen, &chain, DEPTH, told)?;
                    }
                }
            }
        }
    }
    Ok(search.advice())
}

/// The names in the type of a field of schemas.
fn types_of(schemas: &FxHashMap<&str, &Schema>, names: &[String], field: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut pending: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut seen: Vec<&str> = Vec::new();
    while let Some(name) = pending.pop() {
        if seen.contains(&name) {
            continue;
        }
        seen.push(name);
        let Some(schema) = schemas.get(name) else {
            continue;
        };
        let own = schema.fields.iter().filter(|(own, _)| own == field);
        found.extend(own.flat_map(|(_, types)| types.iter().cloned()));
        pending.extend(schema.bases.iter().map(String::as_str));
    }
    found
}

/// The chains of lazy attributes that a schema reads.
fn chains_of(
    schemas: &FxHashMap<&str, &Schema>,
    declared: &Declared,
    name: &str,
    before: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) {
    let Some(schema) = schemas.get(name) else {
        return;
    };
    if before.len() > 4 {
        return;
    }
    for (field, types) in &schema.fields {
        let is_lazy = declared.lazy.contains_key(field);
        // A field of objects is a relationship, wherever its model is.
        let holds = types.iter().any(|name| schemas.contains_key(name.as_str()));
        let is_relationship =
            is_lazy || holds && (declared.mapped.is_empty() || declared.eager.contains_key(field));
        if !is_relationship {
            continue;
        }
        before.push(field.clone());
        if !declared.eager.contains_key(field) || is_lazy {
            found.push(before.clone());
        }
        for name in types {
            if name != &schema.name {
                chains_of(schemas, declared, name, before, found);
            }
        }
        before.pop();
    }
    for base in &schema.bases {
        if base != name {
            chains_of(schemas, declared, base, before, found);
        }
    }
}

/// The span to tell, and the attribute.
type Told<'t> = (FileId, TextRange, &'t str);

impl Search<'_> {
    fn read(&mut self, file: FileId, read: &Read) -> Result<(), Trouble> {
        let chain = [read.name.clone()];
        let told = (file, read.range, read.name.as_str());
        if read.is_guess {
            return self.guessed(file, read, &chain, told);
        }
        if read.is_any {
            return self.any(file, read, &chain, told);
        }
        for seen in &read.seen {
            self.need(file, seen, &chain, DEPTH, told)?;
        }
        Ok(())
    }

    /// A read that only looks like one of a relationship: it counts if a query of a class that is not seen loads the object.
    fn guessed(
        &mut self,
        file: FileId,
        read: &Read,
        chain: &[String],
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let before = (self.needs.clone(), self.refreshed.clone());
        self.reached = false;
        let mut result = Ok(());
        for seen in &read.seen {
            result = result.and_then(|()| self.need(file, seen, chain, DEPTH, told));
        }
        let is_new = |seen: &Seen| matches!(seen.value.root, Root::New(_));
        let is_sure = self.reached || read.seen.iter().any(is_new) && read.asks;
        if !is_sure {
            (self.needs, self.refreshed) = before;
            return Ok(());
        }
        result
    }

    /// A read of an attribute whose name is computed: it stands in the way if a query of a class with lazy attributes loads the
    /// object.
    fn any(
        &mut self,
        file: FileId,
        read: &Read,
        chain: &[String],
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let before = (self.needs.clone(), self.refreshed.clone());
        self.reached_lazy = false;
        for seen in &read.seen {
            let _ = self.need(file, seen, chain, DEPTH, told);
        }
        (self.needs, self.refreshed) = before;
        if self.reached_lazy {
            return Err(trouble(told.0, told.1, told.2));
        }
        Ok(())
    }

    /// What a field of a schema is given: it stands in the way if a query of a class with lazy attributes loads it, for schemas
    /// are given each other, too.
    fn field(
        &mut self,
        file: FileId,
        seen: &Seen,
        chain: &[String],
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let before = (self.needs.clone(), self.refreshed.clone());
        self.reached_lazy = false;
        let result = self.need(file, seen, chain, DEPTH, told);
        if result.is_err() && !self.reached_lazy {
            (self.needs, self.refreshed) = before;
            return Ok(());
        }
        result
    }

    /// Notes that a query was found.
    fn reach(&mut self, load: &Load) {
        self.reached |= !load.entities.is_empty();
        self.reached_lazy |= load
            .entities
            .iter()
            .any(|(_, class)| self.declared.has_lazy(class));
    }

    /// Sees to it that a chain of attributes of an object is loaded.
    fn need(
        &mut self,
        file: FileId,
        seen: &Seen,
        rest: &[String],
        depth: usize,
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let refuse = || Err(trouble(told.0, told.1, told.2));
        let Some(depth) = depth.checked_sub(1) else {
            return refuse();
        };
        let full: Vec<String> = seen.value.path.iter().chain(rest).cloned().collect();
        if full.iter().any(|name| self.is(name, Kind::Proxy)) {
            return refuse();
        }
        if matches!(seen.value.root, Root::Other) && !seen.value.is_part {
            return Ok(());
        }
        if full.iter().all(|name| self.is(name, Kind::Inherited)) {
            return self.inherited(seen, &full, depth, told);
        }
        let is_renewed = rest.iter().all(|name| self.is(name, Kind::Renewed));
        if is_renewed && seen.is_fresh {
            return Ok(());
        }
        if seen.is_written || is_renewed && seen.is_flushed || self.may_end(&seen.ends, DEPTH) {
            // A new object, or one of a transaction that has ended: it is read again.
            if let Root::Load(load) = &seen.value.root {
                self.reach(load);
            }
            let is_of_model = match &seen.value.root {
                Root::Load(load) => {
                    self.chain(load, &full)
                        .is_some_and(|steps| !steps.is_empty())
                        || is_renewed
                }
                _ => true,
            };
            if !is_of_model {
                return Ok(());
            }
            let (Some(repair), [attribute]) = (&seen.repair, rest) else {
                return refuse();
            };
            let key = (
                file,
                repair.statement.start().to_u32(),
                repair.owner.start().to_u32(),
            );
            let entry = self
                .refreshed
                .entry(key)
                .or_insert_with(|| (repair.clone(), Vec::new()));
            if entry.0.object != repair.object {
                return refuse();
            }
            if !entry.1.contains(attribute) {
                entry.1.push(attribute.clone());
            }
            return Ok(());
        }
        match &seen.value.root {
            // What an object of another class holds or gives.
            Root::New(class) if seen.value.is_part && !self.declared.mapped.contains_key(class) => {
                refuse()
            }
            Root::Other | Root::New(_) => Ok(()),
            Root::Unknown => refuse(),
            Root::Load(load) => {
                self.reach(load);
                // It is a column, which comes with the object.
                if is_renewed {
                    return Ok(());
                }
                let Some(steps) = self.chain(load, &full) else {
                    return refuse();
                };
                let is_loaded = full.iter().all(|name| load.loaded.contains(name));
                if steps.is_empty() || is_loaded {
                    return Ok(());
                }
                let key = (file, load.start.start().to_u32(), load.start.end().to_u32());
                if !self.needs.contains_key(&key) {
                    let is_old = self.may_end(&load.after, DEPTH);
                    let need = self.needs.entry(key).or_default();
                    need.load = Some(load.clone());
                    need.is_old = is_old;
                }
                let need = self.needs.entry(key).or_default();
                if !need.chains.contains(&steps) {
                    need.chains.push(steps);
                }
                Ok(())
            }
            Root::Called(_) | Root::Parameter(..) => {
                self.through_function(seen, &full, depth, told)
            }
        }
    }

    /// What a function gives or is given.
    fn through_function(
        &mut self,
        seen: &Seen,
        full: &[String],
        depth: usize,
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let refuse = || Err(trouble(told.0, told.1, told.2));
        match &seen.value.root {
            Root::Called(callee) => {
                let definitions = self.definitions(callee);
                if definitions.is_empty() {
                    return refuse();
                }
                for (file, definition) in definitions {
                    let key = (definition.path.clone(), full.join("."));
                    if self.open.contains(&key) {
                        continue;
                    }
                    self.open.push(key);
                    for given in &definition.gives {
                        let given = given.part_of(&seen.value);
                        self.need(file, &given, full, depth, told)?;
                    }
                    self.open.pop();
                }
                Ok(())
            }
            Root::Parameter(path, name) => {
                let key = (format!("{path}({name})"), full.join("."));
                if self.open.contains(&key) {
                    return Ok(());
                }
                self.open.push(key);
                let result = self.parameter((path, name), &seen.value, full, depth, told);
                self.open.pop();
                result
            }
            _ => Ok(()),
        }
    }

    /// A read of a column of a class that a query for its base leaves out.
    fn inherited(
        &mut self,
        seen: &Seen,
        full: &[String],
        depth: usize,
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        match &seen.value.root {
            Root::Load(load) => {
                let owners = full.first().and_then(|name| self.declared.lazy.get(name));
                let is_left_out = owners.into_iter().flatten().any(|(owner, _)| {
                    let mut classes = load.entities.iter().map(|(_, class)| class);
                    classes.any(|class| class != owner && self.declared.derives(owner, class))
                });
                if is_left_out {
                    return Err(trouble(told.0, told.1, told.2));
                }
                Ok(())
            }
            Root::Called(_) | Root::Parameter(..) => self.through_function(seen, full, depth, told),
            Root::Other | Root::New(_) | Root::Unknown => Ok(()),
        }
    }

    /// Whether a transaction may have ended. What a function does that is not seen is not known, if it is handed a session.
    fn may_end(&mut self, ends: &Ends, depth: usize) -> bool {
        if ends.is_sure {
            return true;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        for (callee, takes_session) in &ends.called {
            let key = (format!("{callee:?}"), String::new());
            if self.open.contains(&key) {
                continue;
            }
            let definitions = self.definitions(callee);
            if definitions.is_empty() && *takes_session {
                return true;
            }
            self.open.push(key);
            let found = definitions
                .iter()
                .any(|(_, definition)| self.may_end(&definition.ends, depth));
            self.open.pop();
            if found {
                return true;
            }
        }
        false
    }

    /// What all callers hand over for a parameter.
    fn parameter(
        &mut self,
        (path, name): (&str, &str),
        value: &Value,
        full: &[String],
        depth: usize,
        told: Told<'_>,
    ) -> Result<(), Trouble> {
        let refuse = || Err(trouble(told.0, told.1, told.2));
        let callee = Callee::Path(path.to_string());
        let definitions = self.definitions(&callee);
        let [(_, definition)] = &definitions[..] else {
            return refuse();
        };
        if let Some((_, given)) = definition.depends.iter().find(|(own, _)| own == name) {
            let start = ruff_text_size::TextSize::new(0);
            let seen = Seen::of(Value::new(Root::Called(given.clone()), start));
            let seen = seen.part_of(value);
            return self.need(told.0, &seen, full, depth, told);
        }
        let position = definition.parameters.iter().position(|own| own == name);
        let own_name = callee.name().to_string();
        let is_only = self.named(&own_name) == 1;
        let calls: Vec<(FileId, Call)> = self
            .known
            .calls
            .iter()
            .filter(|(_, call)| match &call.callee {
                Callee::Path(other) => {
                    is_same(other, path)
                        || is_only && call.callee.name() == own_name && !self.defines(other)
                }
                Callee::Method(_) => call.callee.name() == own_name,
            })
            .cloned()
            .collect();
        if calls.is_empty() {
            return refuse();
        }
        let is_property = definition.is_property;
        if is_property && self.fields.contains(own_name.as_str()) {
            return refuse();
        }
        for (file, call) in calls {
            // A method is called on its object, and a property is read of it.
            if name == "self" {
                match &call.receiver {
                    Some(receiver) if is_property || call.given.is_some() => {
                        for seen in receiver {
                            self.need(file, &seen.part_of(value), full, depth, told)?;
                        }
                    }
                    _ => return refuse(),
                }
                continue;
            }
            let Some((by_position, by_name)) = &call.given else {
                return refuse();
            };
            let by_name = by_name.iter().find(|(own, _)| own == name);
            let by_position = position.and_then(|position| by_position.get(position));
            let given = by_name.map(|(_, seen)| seen).or(by_position);
            for seen in given.into_iter().flatten() {
                self.need(file, &seen.part_of(value), full, depth, told)?;
            }
        }
        Ok(())
    }

    /// The functions that a call may call: that of its path, or the only one of its name.
    fn definitions(&mut self, callee: &Callee) -> Vec<(FileId, Definition)> {
        self.ask(callee.name());
        let name = callee.name();
        let of_name = |definition: &Definition| definition.path.rsplit('.').next() == Some(name);
        let all = self.known.definitions.iter();
        let named: Vec<_> = all.filter(|(_, definition)| of_name(definition)).collect();
        let those = |may_be: &dyn Fn(&Definition) -> bool| {
            let found = named.iter().copied();
            found
                .filter(|(_, definition)| may_be(definition))
                .collect::<Vec<_>>()
        };
        let exact =
            those(&|definition| matches!(callee, Callee::Path(path) if *path == definition.path));
        let may_be = those(&|definition| match callee {
            Callee::Path(path) => is_same(path, &definition.path),
            Callee::Method(_) => definition.is_method,
        });
        match (&exact[..], &named[..], &may_be[..]) {
            ([_, ..], _, _) => exact.into_iter().cloned().collect(),
            ([], [only], _) | ([], _, [only]) => vec![(*only).clone()],
            _ => Vec::new(),
        }
    }

    fn named(&self, name: &str) -> usize {
        let all = self.known.definitions.iter();
        all.filter(|(_, definition)| definition.path.rsplit('.').next() == Some(name))
            .count()
    }

    fn defines(&self, path: &str) -> bool {
        self.known
            .definitions
            .iter()
            .any(|(_, definition)| definition.path == path)
    }

    /// Reads the functions and calls of a name, once.
    fn ask(&mut self, name: &str) {
        if !self.known.asked.insert(name.to_string()) {
            return;
        }
        let names: FxHashSet<String> = FxHashSet::from_iter([name.to_string()]);
        let found: Mutex<BTreeMap<FileId, Functions>> = Mutex::new(BTreeMap::new());
        let declared = self.declared;
        let held = self.files.held();
        let files = self.files.holding(&[name.to_string()]);
        self.files.visit(&files, &|file, model| {
            let functions = Objects::new(model, declared, held.of_file(file)).functions(&names);
            if let Ok(mut found) = found.lock() {
                found.insert(file, functions);
            }
        });
        for (file, functions) in found.into_inner().unwrap_or_default() {
            let definitions = functions.definitions.into_iter();
            self.known
                .definitions
                .extend(definitions.map(|one| (file, one)));
            self.known
                .calls
                .extend(functions.calls.into_iter().map(|one| (file, one)));
        }
    }

    fn is(&self, attribute: &str, kind: Kind) -> bool {
        let known = self.declared.lazy.get(attribute);
        known.is_some_and(|known| known.iter().all(|(_, own)| *own == kind))
    }

    /// The loaders of a chain of attributes of what a query loads: none where it ends in what needs no loading; `None` where
    /// the class of a step cannot be named.
    fn chain(&self, load: &Load, full: &[String]) -> Option<Vec<Step>> {
        let first = full.first()?;
        let declared = self.declared;
        let has = |class: &str, name: &str| {
            declared.kind(class, name).is_some()
                || declared
                    .eager
                    .get(name)
                    .is_some_and(|classes| classes.iter().any(|own| own == class))
        };
        let is_seen = |class: &str| declared.mapped.contains_key(class);
        let mut owners = load.entities.iter().filter(|(_, class)| {
            has(class, first) || !is_seen(class) && (load.entities.len() == 1)
        });
        let Some((text, class)) = owners.next() else {
            // No class of the query has it: a column, or part of one.
            let is_visible = load.entities.iter().all(|(_, class)| is_seen(class));
            return (is_visible && !load.entities.is_empty()).then(Vec::new);
        };
        if owners.next().is_some() {
            return None;
        }
        let mut steps: Vec<Step> = Vec::new();
        let mut own = class.clone();
        let mut text = text.clone();
        for (index, name) in full.iter().enumerate() {
            if index > 0 {
                let is_declared =
                    declared.lazy.contains_key(name) || declared.eager.contains_key(name);
                own = match declared.owner(name) {
                    Some(owner) => owner.to_string(),
                    None if is_declared => return None,
                    // Of models that are not seen, the name of the attribute tells the class.
                    None if declared.mapped.is_empty() => class_of(&full[index - 1]),
                    // A column of what was loaded so far.
                    None => break,
                };
                text = own.clone();
            }
            let kind = declared.kind(&own, name);
            let is_eager = kind.is_none() && is_seen(&own);
            let loader = match kind {
                Some(Kind::Deferred) => "undefer",
                Some(Kind::One) if steps.is_empty() && load.is_plain && load.form != Form::Get => {
                    "joinedload"
                }
                Some(Kind::Renewed | Kind::Proxy) => return None,
                None if !is_seen(&own) && !name_is_plausible(name) => return None,
                _ => "selectinload",
            };
            // Two loaders of one attribute are an error, unless they are the same.
            let other = load.perhaps.iter().find(|(own, _)| own == name);
            let loader = match other.map(|(_, loader)| loader.as_str()) {
                _ if load.loaded.contains(name) => "defaultload",
                None => loader,
                Some("selectinload") if loader != "undefer" => "selectinload",
                Some("undefer") if loader == "undefer" => "undefer",
                Some(_) => return None,
            };
            if is_eager && index + 1 == full.len() {
                return Some(Vec::new());
            }
            steps.push(Step {
                loader,
                class: text.clone(),
                attribute: name.clone(),
            });
        }
        Some(steps)
    }

    /// What is to be done, in order.
    fn advice(self) -> Vec<Advice> {
        let mut advice = Vec::new();
        for ((file, ..), need) in self.needs {
            let Some(load) = need.load else {
                continue;
            };
            let mut chains = need.chains;
            // What begins a longer chain is loaded with that.
            let all = chains.clone();
            chains.retain(|chain| {
                !all.iter()
                    .any(|other| other.len() > chain.len() && other.starts_with(chain))
            });
            let mut flags = String::new();
            // What the session holds already, `get` hands out as it is.
            if need.is_old || load.by_key && !load.is_first {
                flags.push_str(OLD);
            }
            let is_seen = |(_, class): &(String, String)| self.declared.mapped.contains_key(class);
            if !load.entities.iter().any(is_seen) {
                flags.push_str(UNSEEN);
            }
            let mut texts: Vec<String> = vec![flags];
            for chain in chains {
                let steps: Vec<String> = chain
                    .iter()
                    .map(|step| format!("{}({}.{})", step.loader, step.class, step.attribute))
                    .collect();
                texts.push(steps.join("."));
            }
            advice.push(Advice {
                file,
                owner: load.owner,
                range: load.start,
                what: match load.form {
                    Form::Query => QUERY,
                    Form::Select => SELECT,
                    Form::Get => GET,
                },
                texts,
            });
        }
        for ((file, ..), (repair, attributes)) in self.refreshed {
            let mut texts = vec![repair.session.clone(), repair.object.clone()];
            texts.extend(attributes);
            advice.push(Advice {
                file,
                owner: repair.owner,
                range: repair.statement,
                what: REFRESH,
                texts,
            });
        }
        advice
    }
}

/// Whether two paths may be of one function: a file may import it from a folder above or below the one that its module's name
/// starts at (`src.app.crud.create_user`, `crud.create_user`).
fn is_same(one: &str, other: &str) -> bool {
    let ends_with = |long: &str, short: &str| {
        short.contains('.')
            && long
                .strip_suffix(short)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    ends_with(one, other) || ends_with(other, one)
}

/// The class that a relationship leads to by its name: `user`, `blog_posts`.
fn class_of(attribute: &str) -> String {
    let words = attribute.trim_end_matches('s').split('_');
    words
        .flat_map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters)
        })
        .collect()
}

/// Whether a name can be that of a relationship at all.
fn name_is_plausible(name: &str) -> bool {
    !name.starts_with('_')
}
