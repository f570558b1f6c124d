//! What an end tag ends. A tag that ends nothing ends at most a paragraph; none reaches out of the cell it stands in.

use super::build::Kind;
use super::html::Reader;
use super::policy::{self, Role};

impl Reader {
    pub(super) fn end(&mut self, name: &str) {
        self.leads_here &= name != "a";
        if self.leave(name) || self.end_gone(name) {
            return;
        }
        if matches!(name, "svg" | "math") {
            self.foreign = self.foreign.saturating_sub(1);
            return;
        }
        if self.end_apart(name) {
            return;
        }
        let builder = &mut self.builder;
        match policy::role(name) {
            Role::Words | Role::Gone | Role::LineBreak | Role::Image | Role::Medium | Role::Rule => {}
            Role::GoneInArticle if name == "button" => {}
            Role::Quoted => builder.words("”"),
            Role::Cite if !matches!(builder.top().kind, Kind::Source) => self.end_mark(name),
            Role::Cite | Role::Footer => {
                builder.close(|kind| matches!(kind, Kind::Source), |_| true);
            }
            Role::Heading(_) => {
                builder.break_block();
                builder.top().heading = None;
            }
            Role::Quote => {
                builder.break_block();
                builder.close(|kind| matches!(kind, Kind::Quote { .. }), Kind::in_line);
            }
            Role::List(_) | Role::Terms => {
                builder.break_block();
                builder.close(|kind| matches!(kind, Kind::List { .. }), Kind::in_line);
                builder.marks.close("dt", 0);
            }
            Role::Item => {
                builder.break_block();
                builder.close(
                    |kind| matches!(kind, Kind::Item),
                    |kind| kind.in_line() || matches!(kind, Kind::List { .. }),
                );
            }
            Role::Table | Role::TableHead | Role::TableBody | Role::Row | Role::Cell(_) | Role::Caption => {
                self.end_table(name);
            }
            Role::Figure => {
                builder.break_block();
                builder.close(
                    |kind| matches!(kind, Kind::Figure { .. }),
                    |kind| matches!(kind, Kind::Cell { .. }),
                );
            }
            Role::Pre => {
                builder.close(|kind| matches!(kind, Kind::Pre(_)), |_| true);
            }
            Role::Strong
            | Role::Emphasis
            | Role::Code
            | Role::Struck
            | Role::Raised
            | Role::Lowered
            | Role::Link => {
                self.end_mark(name);
            }
            Role::Term => {
                builder.break_block();
                builder.marks.close("dt", 0);
            }
            _ => builder.break_block(),
        }
    }

    fn end_mark(&mut self, name: &str) {
        let base = self.marks_base();
        self.builder.marks.close(name, base);
    }

    /// Counts down where words are lost. `true` when the tag belonged there.
    fn end_gone(&mut self, name: &str) -> bool {
        let Kind::Gone { name: gone, open } = &mut self.builder.top().kind else { return false };
        *open -= usize::from(gone == name);
        if *open == 0 {
            self.builder.close(|kind| matches!(kind, Kind::Gone { .. }), |_| true);
        }
        true
    }

    /// Counts down in the innermost box that an element of this name opened. `true` when the tag closed it.
    fn end_apart(&mut self, name: &str) -> bool {
        let found =
            self.builder.stack.iter_mut().enumerate().rev().find_map(|(at, frame)| match &mut frame.kind {
                Kind::Apart { name: of, open, .. } if of == name => Some((at, open)),
                _ => None,
            });
        let Some((at, open)) = found else { return false };
        *open -= 1;
        if *open > 0 {
            return false;
        }
        self.builder.close_to(at);
        true
    }

    fn end_table(&mut self, name: &str) {
        if self.builder.top().tables_in_line > 0 && name != "figcaption" {
            self.builder.top().tables_in_line -= usize::from(name == "table");
            return self.builder.break_block();
        }
        let is_table: fn(&Kind) -> bool = |kind| matches!(kind, Kind::Table(_));
        match name {
            "table" => {
                self.builder.close(is_table, |_| false);
            }
            "td" | "th" => {
                self.builder.close(|kind| matches!(kind, Kind::Cell { .. }), is_table);
            }
            "caption" | "figcaption" => {
                self.builder.close(|kind| matches!(kind, Kind::Caption), is_table);
            }
            _ => {
                self.builder.close(|kind| matches!(kind, Kind::Cell { .. }), is_table);
                self.builder.close_row();
                if let (Some(table), "thead") = (self.builder.table(), name) {
                    table.in_head = false;
                }
            }
        }
    }
}
