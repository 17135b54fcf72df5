//! Places that are one: a union-find over keys.

use std::hash::Hash;

use rustc_hash::FxHashMap;

/// Keys as numbers, and which of them are one.
#[derive(Debug)]
pub(super) struct Union<K> {
    numbers: FxHashMap<K, u32>,
    keys: Vec<K>,
    parents: Vec<u32>,
}

impl<K> Default for Union<K> {
    fn default() -> Self {
        Self {
            numbers: FxHashMap::default(),
            keys: Vec::new(),
            parents: Vec::new(),
        }
    }
}

impl<K: Clone + Eq + Hash> Union<K> {
    /// The number of a key, new or not.
    pub(super) fn number(&mut self, key: &K) -> u32 {
        if let Some(&number) = self.numbers.get(key) {
            return number;
        }
        let number = self.parents.len() as u32;
        self.parents.push(number);
        self.keys.push(key.clone());
        self.numbers.insert(key.clone(), number);
        number
    }

    /// The number that stands for all that are one with this.
    pub(super) fn root(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            let up = self.parents[self.parents[at as usize] as usize];
            self.parents[at as usize] = up;
            at = up;
        }
        at
    }

    /// The number that stands for a key, if it is there.
    pub(super) fn root_of(&mut self, key: &K) -> Option<u32> {
        let number = self.numbers.get(key).copied()?;
        Some(self.root(number))
    }

    /// Makes one of two; whether they were not one before.
    pub(super) fn join(&mut self, one: u32, other: u32) -> bool {
        let (one, other) = (self.root(one), self.root(other));
        // The lower number stands for both: the order does not depend on hashing.
        let (low, high) = (one.min(other), one.max(other));
        self.parents[high as usize] = low;
        low != high
    }

    /// Every key with its root, in the order in which they came.
    pub(super) fn all(&mut self) -> Vec<(K, u32)> {
        (0..self.parents.len() as u32)
            .map(|number| (self.keys[number as usize].clone(), self.root(number)))
            .collect()
    }
}
