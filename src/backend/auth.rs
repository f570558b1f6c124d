//! A secret to the header it travels in. Secrets never stand in an address.

use super::Secret;

/// `Authorization` for a login name and a password (RFC 7617).
pub fn basic(account: &str, secret: &Secret) -> String {
    format!("Basic {}", base64(format!("{account}:{}", secret.reveal()).as_bytes()))
}

/// `Authorization` for a token (RFC 6750).
pub fn bearer(secret: &Secret) -> String {
    format!("Bearer {}", secret.reveal().trim())
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().fold(0u32, |all, &b| all << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (group >> (18 - 6 * place)) as usize & 63;
            text.push(if place <= chunk.len() { ALPHABET[digit] as char } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_rfcs() {
        assert_eq!(basic("Aladdin", &Secret::new("open sesame")), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let pairs = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, coded) in pairs {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(bearer(&Secret::new(" mF_9.B5f \n")), "Bearer mF_9.B5f");
    }
}
