//! Softened words: what is found by the window's list is drawn soft, and read aloud as softened. What is copied stays whole.

use super::text::{Words, written};
use crate::text::{Softener, put};
use egui::{Context, Id, Ui};
use std::sync::Arc;

/// What is softened in a window now.
#[derive(Debug, Clone)]
pub struct Soft {
    pub list: Arc<Softener>,
    /// Read aloud in the place of such a word.
    pub said: Arc<str>,
}

fn store() -> Id {
    Id::unique("soft")
}

/// Tells what is softened from now on; `None` for nothing.
pub fn set(ctx: &Context, soft: Option<Soft>) {
    ctx.data_mut(|data| data.insert_temp(store(), soft));
}

/// What is softened where `ui` draws.
pub fn of(ui: &Ui) -> Option<Soft> {
    ui.data(|data| data.get_temp::<Option<Soft>>(store())).flatten()
}

impl Soft {
    /// Words with what is to be softened drawn so.
    pub fn words(&self, words: Words) -> Words {
        let ranges = self.list.find(words.text());
        if ranges.is_empty() { words } else { words.softened(&ranges) }
    }
}

/// What a text says to those who hear it, where this is softened.
pub fn spoken(soft: Option<&Soft>, text: &str) -> String {
    let plain = written(text);
    match soft {
        Some(soft) => soft.list.spoken(&plain, &soft.said),
        None => plain.into_owned(),
    }
}

/// What words say to those who hear them, softened where they are drawn so.
pub fn spoken_words(soft: Option<&Soft>, words: &Words) -> String {
    match soft {
        Some(soft) => written(&put(words.text(), &words.soft(), &soft.said)).into_owned(),
        None => words.written().into_owned(),
    }
}
