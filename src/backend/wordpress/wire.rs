//! WordPress's own shapes, as its REST handbook documents them and a 6.5.5 answers them. Serde and nothing else.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The members asked of a comment. `content.raw` cannot be asked alone: WordPress then leaves content out altogether.
pub const COMMENT_FIELDS: &str = "id,post,parent,author,author_name,author_email,author_url,author_ip,\
    author_user_agent,date_gmt,content,status,link,type";

/// The members asked of an article.
pub const ARTICLE_FIELDS: &str = "id,title,link,content,date_gmt,modified_gmt,author,status,type";

#[derive(Debug, Clone, Deserialize)]
pub struct Comment {
    pub id: u64,
    pub post: Option<u64>,
    pub parent: Option<u64>,
    /// The account of a signed-in author, 0 for a guest.
    pub author: Option<u64>,
    pub author_name: Option<String>,
    pub author_email: Option<String>,
    pub author_url: Option<String>,
    pub author_ip: Option<String>,
    pub author_user_agent: Option<String>,
    pub date_gmt: Option<String>,
    pub content: Option<Text>,
    pub status: Option<String>,
    pub link: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Text {
    pub rendered: Option<String>,
    pub raw: Option<String>,
    #[serde(default)]
    pub protected: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Article {
    pub id: u64,
    pub title: Option<Text>,
    pub link: Option<String>,
    pub content: Option<Text>,
    pub date_gmt: Option<String>,
    pub modified_gmt: Option<String>,
    pub author: Option<u64>,
    pub status: Option<String>,
}

/// One entry of `/wp/v2/types`, an object by slug: one of another shape never costs the others.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum AnyType {
    Known(ArticleType),
    Other(IgnoredAny),
}

#[derive(Debug, Clone, Deserialize)]
pub struct ArticleType {
    pub rest_base: Option<String>,
    pub rest_namespace: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct User {
    pub id: u64,
    pub name: Option<String>,
    /// Only with `context=edit`.
    #[serde(default)]
    pub capabilities: HashMap<String, Flag>,
}

/// A capability: plugins store it as `true`, `1` or `"1"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Flag {
    Bool(bool),
    Number(u64),
    Text(String),
    Other(IgnoredAny),
}

impl Flag {
    pub fn is_set(&self) -> bool {
        match self {
            Self::Bool(set) => *set,
            Self::Number(set) => *set == 1,
            Self::Text(set) => set == "1",
            Self::Other(_) => false,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct Index {
    pub name: Option<String>,
}

/// The only member read where nothing but the total counts.
#[derive(Debug, Clone, Deserialize)]
pub struct Counted {
    pub date_gmt: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Problem {
    pub code: String,
    #[serde(default)]
    pub message: String,
    #[serde(default)]
    pub data: ProblemData,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum ProblemData {
    /// The parameters complained of, by name.
    Known {
        params: HashMap<String, IgnoredAny>,
    },
    Other(IgnoredAny),
}

impl Default for ProblemData {
    fn default() -> Self {
        Self::Other(IgnoredAny)
    }
}

/// A change of status. Without `author_ip` WordPress writes the caller's address over the reader's.
#[derive(Debug, Clone, Serialize)]
pub struct Change<'a> {
    pub status: &'a str,
    pub author_ip: &'a str,
}
