//! A corpus in one file: each input behind its length, four bytes, the lowest first.

/// The inputs of a packed file; what follows a broken length is left out.
pub fn unpack(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut inputs = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let Some((input, after)) = rest.split_at_checked(length) else { break };
        inputs.push(input);
        bytes = after;
    }
    inputs
}

/// Packs inputs, the shortest first, so that the same corpus gives the same file.
pub fn pack(mut inputs: Vec<Vec<u8>>) -> Vec<u8> {
    inputs.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut bytes = Vec::new();
    for input in inputs {
        bytes.extend((input.len() as u32).to_le_bytes());
        bytes.extend(input);
    }
    bytes
}
