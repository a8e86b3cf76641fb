//! A column of plain values: its own, or a part of bytes that the caller brought and keeps, such as a mapped file.
//!
//! Inner loops take the slice once, or pay for one branch per access. Nothing is copied, and nothing is trusted but that every
//! pattern of bits is a value: that is what [`Pod`] says of a type.

use std::ops::Deref;
use std::sync::Arc;

use bytemuck::Pod;
use yoke::Yoke;

/// Bytes that several columns are parts of. They must stay what they are as long as anybody holds them.
pub type SharedBytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// A column. One of the two is empty.
#[derive(Clone)]
pub(crate) struct Column<T: 'static> {
    own: Vec<T>,
    shared: Option<Yoke<&'static [T], SharedBytes>>,
}

impl<T> Column<T> {
    /// For changes; what is shared is copied first.
    #[inline]
    pub(crate) fn to_mut(&mut self) -> &mut Vec<T>
    where
        T: Clone,
    {
        if self.shared.is_some() {
            self.copy();
        }
        &mut self.own
    }

    #[cold]
    fn copy(&mut self)
    where
        T: Clone,
    {
        self.own = self.to_vec();
        self.shared = None;
    }

    /// Bytes on the heap.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.own.capacity() * size_of::<T>()
    }
}

impl<T: Pod> Column<T> {
    /// The part of `bytes` at `range`. `None` when they have no such part, or it is no whole number of values that lie where
    /// values of this type may lie.
    pub(crate) fn shared(bytes: &SharedBytes, range: std::ops::Range<usize>) -> Option<Column<T>> {
        let shared = Yoke::try_attach_to_cart(Arc::clone(bytes), |bytes| {
            let part = bytes.as_ref().get(range).ok_or(())?;
            bytemuck::try_cast_slice(part).map_err(|_| ())
        });
        Some(Column {
            own: Vec::new(),
            shared: Some(shared.ok()?),
        })
    }
}

impl<T> Deref for Column<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        match &self.shared {
            None => &self.own,
            Some(shared) => shared.get(),
        }
    }
}

impl<T> From<Vec<T>> for Column<T> {
    fn from(own: Vec<T>) -> Self {
        Column { own, shared: None }
    }
}

impl<T> Default for Column<T> {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> std::fmt::Debug for Column<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.shared.is_some() { "shared" } else { "own" };
        write!(formatter, "Column({} {kind})", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that lie as those of a mapped file do.
    struct Aligned(Vec<u64>);

    impl AsRef<[u8]> for Aligned {
        fn as_ref(&self) -> &[u8] {
            bytemuck::cast_slice(&self.0)
        }
    }

    #[test]
    fn a_shared_column_is_a_part_of_the_bytes() {
        let bytes: SharedBytes = Arc::new(Aligned(vec![1 | 2 << 32, 3 | 4 << 32]));
        let mut column = Column::<u32>::shared(&bytes, 4..16).unwrap();
        assert_eq!((&column[..], column.heap_bytes()), (&[2, 3, 4][..], 0));
        for range in [4..15, 5..9, 8..20, 20..24] {
            assert!(Column::<u32>::shared(&bytes, range.clone()).is_none(), "{range:?}");
        }
        let copy = column.clone();
        column.to_mut().push(5);
        assert_eq!((&column[..], &copy[..]), (&[2, 3, 4, 5][..], &[2, 3, 4][..]));
        drop(bytes);
        assert_eq!(copy[0], 2);
    }
}
