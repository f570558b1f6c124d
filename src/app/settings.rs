//! What a person set once: theme and type size, in `settings.toml` of the data folder. A file that cannot be read is left
//! alone and the defaults hold.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Which theme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    #[default]
    System,
    Light,
    Dark,
}

impl ThemeChoice {
    /// The one after it, in a circle.
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }
}

/// Days that readers' words and addresses are kept unless a person says otherwise.
const RETENTION_DAYS: u32 = 90;

/// All settings.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// Type size, 0.8 to 2.0.
    pub zoom: f32,
    /// Words that hurt are softened.
    pub soften: bool,
    /// Days after which the words and the persons of comments that are decided or gone are erased.
    pub retention_days: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { theme: ThemeChoice::System, zoom: 1.0, soften: false, retention_days: RETENTION_DAYS }
    }
}

/// The settings file.
pub struct File {
    path: PathBuf,
}

impl File {
    pub fn in_folder(dir: &Path) -> Self {
        Self { path: dir.join("settings.toml") }
    }

    /// Another file of its folder.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    /// The stored settings, else the defaults.
    pub fn read(&self) -> Settings {
        let Ok(text) = std::fs::read_to_string(&self.path) else { return Settings::default() };
        match toml::from_str(&text) {
            Ok(settings) => settings,
            Err(error) => {
                tracing::warn!(%error, file = %self.path.display(), "settings were not understood");
                Settings::default()
            }
        }
    }

    /// Writes beside and renames, so that a crash leaves the old file or the new one.
    pub fn write(&self, settings: Settings) {
        let beside = self.path.with_extension("toml.new");
        let written = toml::to_string_pretty(&settings)
            .map_err(std::io::Error::other)
            .and_then(|text| write_private(&beside, &text))
            .and_then(|()| std::fs::rename(&beside, &self.path));
        if let Err(error) = written {
            tracing::warn!(%error, file = %self.path.display(), "settings were not written");
        }
    }
}

/// Writes a file that only this user may read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    std::io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_back_and_a_damaged_file_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = File::in_folder(dir.path());
        let dark = Settings { theme: ThemeChoice::Dark, zoom: 1.5, soften: true, retention_days: 30 };
        file.write(dark);
        assert_eq!(file.read(), dark);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(dir.path().join("settings.toml")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        std::fs::write(dir.path().join("settings.toml"), "theme = [").unwrap();
        assert_eq!(file.read(), Settings::default());
    }
}
