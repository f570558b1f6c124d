//! Where secrets are: an environment variable, the system keyring, or the memory of this run. Never a file, never a log.

use super::inbox::Kept;
use crate::backend::Secret;
use crate::domain::Site;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The keyring's name for this program.
const SERVICE: &str = "greenroom";

/// Looks secrets up and keeps them. Calls may block on a dialogue of the keyring: never on the thread that draws.
#[derive(Clone, Default)]
pub struct Secrets {
    memory: Arc<Mutex<BTreeMap<String, Secret>>>,
    memory_only: bool,
}

impl Secrets {
    /// Secrets of the system.
    pub fn of_system() -> Self {
        Self::default()
    }

    /// Secrets that end with this run: for the demo and for tests.
    pub fn in_memory() -> Self {
        Self { memory_only: true, ..Self::default() }
    }

    /// Finds a site's secret: the environment first, so that scripts can say which.
    pub fn find(&self, site: &Site) -> Option<(Secret, Kept)> {
        if let Ok(text) = std::env::var(variable(&site.slug)) {
            return Some((Secret::new(text), Kept::Environment));
        }
        if let Some(secret) =
            self.memory.lock().unwrap_or_else(PoisonError::into_inner).get(&entry_name(site))
        {
            return Some((secret.clone(), Kept::Memory));
        }
        if self.memory_only {
            return None;
        }
        let entry = keyring::Entry::new(SERVICE, &entry_name(site)).ok()?;
        match entry.get_password() {
            Ok(text) => Some((Secret::new(text), Kept::Keyring)),
            Err(error) => {
                tracing::info!(site = %site.slug, %error, "no secret in the keyring");
                None
            }
        }
    }

    /// Keeps a secret, in the keyring where there is one.
    pub fn keep(&self, site: &Site, secret: &Secret) -> Kept {
        if !self.memory_only {
            let kept = keyring::Entry::new(SERVICE, &entry_name(site))
                .and_then(|entry| entry.set_password(secret.reveal()));
            match kept {
                Ok(()) => return Kept::Keyring,
                Err(error) => {
                    tracing::warn!(site = %site.slug, %error, "the keyring did not take the secret")
                }
            }
        }
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).insert(entry_name(site), secret.clone());
        Kept::Memory
    }

    /// Erases a site's secret everywhere it was kept.
    pub fn forget(&self, site: &Site) {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).remove(&entry_name(site));
        if !self.memory_only
            && let Ok(entry) = keyring::Entry::new(SERVICE, &entry_name(site))
            && let Err(error) = entry.delete_credential()
        {
            tracing::info!(site = %site.slug, %error, "nothing to erase in the keyring");
        }
    }
}

/// The variable a site's secret may be given by: `GREENROOM_SECRET_` and the slug in capitals.
pub fn variable(slug: &str) -> String {
    let tail: String =
        slug.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    format!("GREENROOM_SECRET_{tail}")
}

/// Whether the environment gives a site's secret.
pub fn is_given(slug: &str) -> bool {
    std::env::var_os(variable(slug)).is_some()
}

/// (Origin, backend, account) names a site; its slug may change.
fn entry_name(site: &Site) -> String {
    format!("{} {} {}", site.backend.word(), site.base, site.account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_makes_a_variable_a_shell_can_set() {
        assert_eq!(variable("news-2.example"), "GREENROOM_SECRET_NEWS_2_EXAMPLE");
    }
}
