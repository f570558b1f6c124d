//! Pictures on their way to a texture: those that stand side by side go as one, since each way costs more than its pixels.

use crate::ui::theme::CLEAR;
use egui::ColorImage;

/// A picture and where it belongs.
pub struct Upload {
    pub page: usize,
    pub at: [usize; 2],
    pub image: ColorImage,
}

impl Upload {
    fn right(&self) -> usize {
        self.at[0] + self.image.size[0]
    }
}

/// The same pictures, neighbours on a shelf joined; the pixel between two is clear.
pub fn joined(mut uploads: Vec<Upload>) -> Vec<Upload> {
    uploads.sort_by_key(|upload| (upload.page, upload.at[1], upload.at[0]));
    let beside = |a: &Upload, b: &Upload| (a.page, a.at[1], a.right() + 1) == (b.page, b.at[1], b.at[0]);
    uploads.chunk_by(beside).filter_map(one).collect()
}

fn one(row: &[Upload]) -> Option<Upload> {
    let (first, last) = (row.first()?, row.last()?);
    let width = last.right() - first.at[0];
    let height = row.iter().map(|upload| upload.image.size[1]).max()?;
    let mut image = ColorImage::filled([width, height], CLEAR);
    for upload in row {
        let left = upload.at[0] - first.at[0];
        for (y, line) in upload.image.pixels.chunks_exact(upload.image.size[0].max(1)).enumerate() {
            let start = y * width + left;
            image.pixels[start..start + line.len()].copy_from_slice(line);
        }
    }
    Some(Upload { page: first.page, at: first.at, image })
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Color32;

    #[test]
    fn neighbours_go_together_and_every_pixel_stays_where_it_was() {
        let upload = |page, at, size, shade| {
            let image = ColorImage::filled(size, Color32::from_gray(shade));
            Upload { page, at, image }
        };
        let given = || {
            vec![
                upload(0, [7, 0], [3, 4], 2),
                upload(0, [0, 0], [6, 5], 1),
                upload(0, [0, 6], [4, 4], 3),
                upload(0, [20, 0], [2, 2], 4),
                upload(1, [11, 0], [2, 2], 5),
            ]
        };
        let drawn = |uploads: Vec<Upload>| {
            let mut pages = vec![Color32::TRANSPARENT; 2 * 32 * 32];
            for Upload { page, at, image } in uploads {
                for (n, pixel) in image.pixels.iter().enumerate() {
                    let (x, y) = (at[0] + n % image.size[0], at[1] + n / image.size[0]);
                    pages[page * 1024 + y * 32 + x] = *pixel;
                }
            }
            pages
        };
        let together = joined(given());
        assert_eq!(together.len(), 4);
        assert_eq!(drawn(together), drawn(given()));
    }
}
