//! Where pictures of glyphs stand on a square page: on shelves, each as high as the first that was put on it.

/// One row of a page.
struct Shelf {
    top: usize,
    height: usize,
    filled: usize,
}

/// The shelves of one page.
#[derive(Default)]
pub struct Shelves {
    shelves: Vec<Shelf>,
    bottom: usize,
}

impl Shelves {
    /// A place for `size` on a page of `side`, with a pixel between neighbours; `None` where none is left.
    pub fn place(&mut self, size: [usize; 2], side: usize) -> Option<[usize; 2]> {
        let [width, height] = size.map(|length| length + 1);
        let fits = |shelf: &&mut Shelf| {
            shelf.height >= height && shelf.height <= height + height / 2 && shelf.filled + width <= side
        };
        if let Some(shelf) = self.shelves.iter_mut().find(fits) {
            let left = shelf.filled;
            shelf.filled += width;
            return Some([left, shelf.top]);
        }
        if width > side || self.bottom + height > side {
            return None;
        }
        let top = self.bottom;
        self.bottom += height;
        self.shelves.push(Shelf { top, height, filled: width });
        Some([0, top])
    }
}

#[cfg(test)]
mod tests {
    use super::Shelves;

    #[test]
    fn nothing_stands_on_another() {
        let mut shelves = Shelves::default();
        let mut taken = vec![false; 65 * 65];
        let sizes = [[5, 7], [9, 7], [3, 12], [20, 8], [7, 6], [11, 11]];
        let mut placed = 0;
        for size in sizes.into_iter().cycle().take(60) {
            let Some([x, y]) = shelves.place(size, 64) else { continue };
            placed += 1;
            assert!(x + size[0] <= 64 && y + size[1] <= 64, "beyond the page");
            // With the pixel to the right of it and below, which stays clear.
            for at in (y..=y + size[1]).flat_map(|y| (x..=x + size[0]).map(move |x| y * 65 + x)) {
                assert!(!std::mem::replace(&mut taken[at], true), "{at} is taken twice");
            }
        }
        assert!(placed > 20, "{placed}");
    }

    #[test]
    fn a_full_page_says_so() {
        let mut shelves = Shelves::default();
        assert!(shelves.place([70, 3], 64).is_none());
        assert!(shelves.place([60, 60], 64).is_some());
        assert!(shelves.place([60, 60], 64).is_none());
    }
}
