//! What `awaitify new` and `awaitify schema` write.

/// The JSON Schema of a `codemod.toml`, for editors.
pub const SCHEMA: &str = include_str!("schema.json");

/// A commented file for a codemod of this name: it is valid as it stands, and every key is shown once.
pub fn skeleton(name: &str) -> String {
    include_str!("skeleton.toml").replace("NAME", name)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn the_skeleton_can_be_read() {
        assert!(parse::parse(&skeleton("our_sdk")).is_ok());
    }

    #[test]
    fn the_schema_has_the_keys_of_the_reader() {
        let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
        let keys = |value: &serde_json::Value| {
            let properties = value["properties"].as_object().unwrap();
            let mut keys: Vec<String> = properties.keys().cloned().collect();
            keys.sort();
            keys
        };
        for (value, known) in [
            (&schema, parse::KEYS),
            (&schema["$defs"]["type"], parse::TYPE_KEYS),
            (&schema["$defs"]["function"], parse::FUNCTION_KEYS),
            (&schema["$defs"]["arguments"], parse::ARGUMENT_KEYS),
            (
                &schema["$defs"]["type"]["properties"]["when"]["items"],
                parse::WHEN_KEYS,
            ),
        ] {
            let mut known: Vec<String> = known.iter().map(|key| (*key).to_string()).collect();
            known.sort();
            assert_eq!(keys(value), known);
        }
        let lives = &schema["$defs"]["type"]["properties"]["life"]["enum"];
        assert_eq!(lives, &serde_json::json!(parse::LIVES));
    }

    #[test]
    fn the_skeleton_shows_every_key() {
        let text = skeleton("our_sdk");
        let types = parse::TYPE_KEYS.iter().chain(parse::FUNCTION_KEYS);
        for key in parse::KEYS.iter().chain(types).chain(parse::WHEN_KEYS) {
            assert!(text.contains(key), "the skeleton does not show `{key}`");
        }
    }
}
