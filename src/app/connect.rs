//! Adding a site, letting it in again, and letting it go. The slow parts run as jobs.

use super::command::Connect;
use super::inbox::{Connected, Kept, Note};
use super::notice::{self, Notice};
use super::words::say_with;
use super::{App, Known};
use crate::backend::{self, Secret};
use crate::domain::{Backend, Moderator, Order, Site, SiteId};
use crate::net::Transport;
use crate::net::private::{InClear, may_be_in_clear, wire_for};
use crate::store::{Rank, Trouble};
use crate::sync::engine::Link;
use crate::text;

/// Seconds a decision is kept at home unless a site says otherwise.
const HOLD_SECS: u32 = 5;
/// Letters of a short name.
const SLUG_CHARS: usize = 24;

/// Finds a site and signs in. Blocks; sends the secret only to the address that was found.
pub fn reach(wire: &dyn Transport, asked: &Connect) -> Result<(Site, Moderator), Notice> {
    let found = match asked.backend {
        Backend::WordPress => backend::wordpress::discover(wire, &asked.address),
        Backend::Cmh => backend::cmh::discover(wire, &asked.address),
    };
    let found = found.map_err(|fault| notice::of_fault(&fault))?;
    let site = Site {
        id: SiteId(0),
        slug: slug(&found.name, &found.base),
        name: found.name,
        backend: asked.backend,
        base: found.base,
        account: asked.account.trim().to_owned(),
        order: Order::Oldest,
        hold_secs: HOLD_SECS,
    };
    let moderator = identify(wire, &site, &asked.secret)?;
    Ok((site, moderator))
}

fn identify(wire: &dyn Transport, site: &Site, secret: &Secret) -> Result<Moderator, Notice> {
    backend::open(site, secret.clone())
        .and_then(|backend| backend.identify(wire))
        .map_err(|fault| notice::of_fault(&fault))
}

/// A short name from the site's own, else from its host.
fn slug(name: &str, base: &str) -> String {
    let of = |text: &str| -> String {
        let words: String = text
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
            .collect();
        let joined = words.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
        joined.chars().take(SLUG_CHARS).collect::<String>().trim_end_matches('-').to_owned()
    };
    let named = of(name);
    if !named.is_empty() {
        return named;
    }
    let host = base.split("://").nth(1).unwrap_or(base).split('/').next().unwrap_or_default();
    let host = of(host);
    if host.is_empty() { "site".to_owned() } else { host }
}

/// Whether an address that was typed could be that of a site on a private network without encryption, which the form then
/// offers.
pub fn could_be_in_clear(address: &str) -> bool {
    let address = address.trim();
    let is_plain = address.starts_with("http://");
    is_plain && crate::net::http::is_allowed(address).is_err() && may_be_in_clear(address).is_ok()
}

/// Whether a site is spoken to without encryption.
pub fn is_in_clear(site: &Site) -> bool {
    crate::net::http::is_allowed(&site.base).is_err()
}

impl App {
    pub(super) fn connect_site(&mut self, asked: Connect, in_clear: bool) {
        if self.connect.busy {
            return;
        }
        self.connect.busy = true;
        self.connect.notice = None;
        let (wire, store, secrets) =
            (std::sync::Arc::clone(&self.wire), std::sync::Arc::clone(&self.store), self.secrets.clone());
        let fault = Note::Connected(Box::new(Err(notice::of_panic("connect"))));
        self.jobs.run_or("connect", fault, move || {
            let reached = if in_clear { reach(&InClear(&*wire), &asked) } else { reach(&*wire, &asked) };
            let result = reached.and_then(|(mut site, moderator)| {
                let stored = site.clone();
                let added = store.write(Rank::Decision, move |work| {
                    let id = work.add_site(&stored)?;
                    work.site(id)
                });
                site = added.map_err(|trouble| notice::of_trouble(&trouble))?;
                let kept = secrets.keep(&site, &asked.secret);
                Ok(Connected { site, moderator, secret: asked.secret, kept })
            });
            Note::Connected(Box::new(result))
        });
    }

    /// Connects, or signs in again where the site is on the desk already.
    pub fn join(&mut self, asked: Connect) {
        let known = self
            .sites
            .iter()
            .find(|site| site.base.starts_with(&asked.address) && site.account == asked.account);
        match known.map(|site| site.id) {
            Some(site) => self.sign_in(site, asked.secret),
            None => self.connect_site(asked, false),
        }
    }

    pub(super) fn take_connected(&mut self, result: Result<Connected, Notice>) {
        self.connect.busy = false;
        match result {
            Ok(Connected { site, moderator, secret, kept }) => {
                self.show(Notice::said(
                    say_with("connected", &[("site", text::isolated(&text::visible(&site.name)).into())]),
                    None,
                ));
                let mut known = Known::starting();
                known.can = Some(moderator.can);
                self.known.insert(site.id, known);
                self.sites.push(site.clone());
                self.start(&site, secret, kept);
                self.rows_stale = true;
            }
            Err(notice) => self.connect.notice = Some(notice),
        }
    }

    /// Puts a site to work as soon as its secret is found.
    pub(super) fn look_for_secret(&mut self, site: Site) {
        self.known.insert(site.id, Known::starting());
        let secrets = self.secrets.clone();
        let fault = Note::Secret { site: site.id, found: None };
        self.jobs.run_or("secret", fault, move || Note::Secret { site: site.id, found: secrets.find(&site) });
    }

    pub(super) fn take_secret(&mut self, id: SiteId, found: Option<(Secret, Kept)>) {
        let Some(site) = self.sites.iter().find(|site| site.id == id).cloned() else { return };
        match found {
            Some((secret, kept)) => self.start(&site, secret, kept),
            None => {
                if let Some(known) = self.known.get_mut(&id) {
                    let variable = super::secrets::variable(&site.slug);
                    let why = say_with("secret-missing", &[("variable", variable.into())]);
                    known.link = Link::SignedOut { why };
                }
                self.rows_stale = true;
            }
        }
    }

    fn start(&mut self, site: &Site, secret: Secret, kept: Kept) {
        let known = self.known.entry(site.id).or_insert_with(Known::starting);
        known.kept = Some(kept);
        known.started = Some(self.clock.now());
        known.link = Link::Starting;
        (known.walked, known.gaps) = (false, 0);
        known.trouble = None;
        let started =
            backend::open(site, secret).map_err(|fault| notice::of_fault(&fault)).and_then(|backend| {
                self.sync.start(site, backend).map_err(|trouble| notice::of_trouble(&trouble))
            });
        if let Err(notice) = started {
            self.show(notice);
        }
        self.say_held(site.id);
        // What was wanted before it was at work was told to nobody.
        self.forget_wants(site.id);
        self.rows_stale = true;
    }

    pub(super) fn sign_in(&mut self, id: SiteId, secret: Secret) {
        let Some(site) = self.sites.iter().find(|site| site.id == id).cloned() else { return };
        self.connect.busy = true;
        self.connect.notice = None;
        let (wire, secrets) = (wire_for(&site.base, &self.wire), self.secrets.clone());
        let fault = Note::SignedIn { site: site.id, result: Err(notice::of_panic("sign-in")) };
        self.jobs.run_or("sign-in", fault, move || {
            let result = identify(&*wire, &site, &secret).map(|_| {
                let kept = secrets.keep(&site, &secret);
                (secret, kept)
            });
            Note::SignedIn { site: site.id, result }
        });
    }

    pub(super) fn take_signed_in(&mut self, id: SiteId, result: Result<(Secret, Kept), Notice>) {
        self.connect.busy = false;
        match result {
            Ok((secret, kept)) => {
                if let Some(site) = self.sites.iter().find(|site| site.id == id).cloned() {
                    self.start(&site, secret, kept);
                    self.show(Notice::said(
                        say_with("signed-in", &[("site", text::isolated(&text::visible(&site.name)).into())]),
                        None,
                    ));
                }
            }
            Err(notice) => self.connect.notice = Some(notice),
        }
    }

    pub(super) fn remove_site(&mut self, id: SiteId) {
        let Some(site) = self.sites.iter().find(|site| site.id == id).cloned() else { return };
        self.sync.stop(id);
        let (store, secrets) = (std::sync::Arc::clone(&self.store), self.secrets.clone());
        self.jobs.run("remove", move || {
            secrets.forget(&site);
            Note::Removed { site: id, result: store.remove_site(id) }
        });
    }

    pub(super) fn take_removed(&mut self, id: SiteId, result: Result<(), Trouble>) {
        match result {
            Ok(()) => {
                self.sites.retain(|site| site.id != id);
                self.known.remove(&id);
                self.articles.forget(id);
                self.cache.clear();
                self.rows_stale = true;
                self.load_queue();
            }
            Err(trouble) => self.show(notice::of_trouble(&trouble)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_is_made_of_the_sites_own() {
        for (name, base, slug_wanted) in [
            ("Harbour Gazette", "https://h.example", "harbour-gazette"),
            ("هشت صبح", "https://www.8am.example/wp", "www-8am-example"),
            ("", "", "site"),
        ] {
            assert_eq!(slug(name, base), slug_wanted, "{name}");
        }
    }
}
