//! `pack into FILE FOLDER` makes one file of a corpus, `pack from FILE FOLDER` a folder of it again.

use greenroom_fuzz::packed;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [way, file, folder] = args.as_slice() else {
        return Err(std::io::Error::other("pack into|from FILE FOLDER"));
    };
    if way == "into" {
        let inputs = std::fs::read_dir(folder)?.map(|entry| std::fs::read(entry?.path()));
        return std::fs::write(file, packed::pack(inputs.collect::<Result<_, _>>()?));
    }
    std::fs::create_dir_all(folder)?;
    let bytes = if Path::new(file).exists() { std::fs::read(file)? } else { Vec::new() };
    for (at, input) in packed::unpack(&bytes).into_iter().enumerate() {
        std::fs::write(Path::new(folder).join(format!("kept-{at}")), input)?;
    }
    Ok(())
}
