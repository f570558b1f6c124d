//! Every word on screen, from `assets/words/en.ftl`. A key that the file lacks is shown as itself: the tests below refuse
//! it long before a person sees it.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::sync::LazyLock;

/// What is put into a sentence: text or a number that chooses a plural.
pub type Value<'a> = fluent_bundle::FluentValue<'a>;

const ENGLISH: &str = include_str!("../../assets/words/en.ftl");

static WORDS: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle = FluentBundle::new_concurrent(vec![unic_langid::LanguageIdentifier::default()]);
    // Isolating marks around arguments would be drawn as boxes and read aloud.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(ENGLISH.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
});

/// The words of `key`; `key.attribute` names an attribute of a message.
pub fn say(key: &str) -> String {
    say_with(key, &[])
}

/// The words of `key` with its arguments put in.
pub fn say_with(key: &str, values: &[(&str, Value<'_>)]) -> String {
    let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
    written(key, &args).unwrap_or_else(|| key.to_owned())
}

/// Whether the words file knows `key`.
pub fn knows(key: &str) -> bool {
    written(key, &FluentArgs::new()).is_some()
}

fn written(key: &str, args: &FluentArgs<'_>) -> Option<String> {
    let (message, attribute) = match key.split_once('.') {
        Some((message, attribute)) => (message, Some(attribute)),
        None => (key, None),
    };
    let message = WORDS.get_message(message)?;
    let pattern = match attribute {
        Some(name) => message.get_attribute(name)?.value(),
        None => message.value()?,
    };
    Some(WORDS.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("app/words.rs") {
                found.push(path);
            }
        }
    }

    /// The literal keys given to `say(` and `say_with(` anywhere in the source.
    fn keys_said() -> BTreeSet<String> {
        let mut files = Vec::new();
        sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
        let mut keys = BTreeSet::new();
        for file in files {
            let source = std::fs::read_to_string(&file).unwrap();
            for call in ["say(", "say_with("] {
                for (at, _) in source.match_indices(call) {
                    let rest = source[at + call.len()..].trim_start();
                    if let Some(key) = rest.strip_prefix('"').and_then(|r| r.split('"').next()) {
                        keys.insert(key.to_owned());
                    }
                }
            }
        }
        keys
    }

    #[test]
    fn the_words_file_has_no_mistake() {
        if let Err((_, mistakes)) = FluentResource::try_new(ENGLISH.to_owned()) {
            panic!("{mistakes:?}");
        }
    }

    #[test]
    fn every_key_that_is_said_is_known() {
        let missing: Vec<_> = keys_said().into_iter().filter(|key| !knows(key)).collect();
        assert!(missing.is_empty(), "not in en.ftl: {missing:?}");
    }

    #[test]
    fn no_key_is_written_twice() {
        let mut seen = BTreeSet::new();
        for line in ENGLISH.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())) {
            let key = line.split(' ').next().unwrap();
            assert!(seen.insert(key), "{key} twice");
        }
    }

    #[test]
    fn arguments_go_in_without_marks() {
        let said = say_with("age-minutes", &[("n", Value::from(4))]);
        assert!(said.contains('4') && said.is_ascii(), "{said:?}");
    }

    #[test]
    fn a_plural_is_chosen_by_its_number() {
        let one = say_with("toast-count", &[("n", Value::from(1)), ("shown", Value::from("1"))]);
        let many = say_with("toast-count", &[("n", Value::from(3)), ("shown", Value::from("3"))]);
        assert_ne!(one.replace('1', "3"), many);
    }

    #[test]
    fn an_unknown_key_is_shown_as_itself() {
        assert_eq!(say("no-such-words"), "no-such-words");
    }
}
