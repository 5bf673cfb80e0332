//! Large arrays as typed fields of messages; in the message each is just its number among the buffers.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::envelope;

/// What a buffer consists of.
pub trait Unit: 'static {
    /// Bytes of one unit; a buffer whose length is no multiple of it is not taken.
    const BYTES: usize;
}

/// A byte of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileByte {}

/// A byte that is 1 where something is marked, else 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {}

impl Unit for FileByte {
    const BYTES: usize = 1;
}

impl Unit for Mark {
    const BYTES: usize = 1;
}

impl Unit for u8 {
    const BYTES: usize = 1;
}

impl Unit for u16 {
    const BYTES: usize = 2;
}

impl Unit for u32 {
    const BYTES: usize = 4;
}

impl Unit for f32 {
    const BYTES: usize = 4;
}

impl Unit for f64 {
    const BYTES: usize = 8;
}

/// Numbers of one type, little endian, in a buffer that is the sender's or the receiver's.
pub struct Numbers<T, B> {
    /// The buffer.
    pub buffer: B,
    unit: PhantomData<fn() -> T>,
}

/// Content of a file.
pub type Bytes<B> = Numbers<FileByte, B>;
/// One mark a pixel or voxel.
pub type Marks<B> = Numbers<Mark, B>;

impl<T, B> Numbers<T, B> {
    /// Numbers in a buffer.
    pub fn new(buffer: B) -> Self {
        Self { buffer, unit: PhantomData }
    }
}

impl<T, B> From<B> for Numbers<T, B> {
    fn from(buffer: B) -> Self {
        Self::new(buffer)
    }
}

impl<T, B: Clone> Clone for Numbers<T, B> {
    fn clone(&self) -> Self {
        Self::new(self.buffer.clone())
    }
}

impl<T, B: PartialEq> PartialEq for Numbers<T, B> {
    fn eq(&self, other: &Self) -> bool {
        self.buffer == other.buffer
    }
}

impl<T, B> fmt::Debug for Numbers<T, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Numbers<{}>", std::any::type_name::<T>())
    }
}

impl<T, B: Clone + 'static> Serialize for Numbers<T, B> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let at = envelope::enclose(self.buffer.clone());
        at.ok_or_else(|| S::Error::custom("a buffer travels in an envelope only"))?.serialize(serializer)
    }
}

impl<'de, T: Unit, B: 'static> Deserialize<'de> for Numbers<T, B> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let at = u32::deserialize(deserializer)?;
        envelope::unclose(at, T::BYTES).map(Self::new).map_err(D::Error::custom)
    }
}

/// A slice for a worker that does not read files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "B: Clone + 'static", deserialize = "B: 'static"))]
pub struct SliceData<B> {
    /// Pixels along a row.
    pub width: usize,
    /// Pixels along a column.
    pub height: usize,
    /// Intensities, one plane or three.
    pub intensities: Numbers<f32, B>,
    /// What is known of it beside its pixels.
    pub around: Around<B>,
}

/// What is known of a slice beside its pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "B: Clone + 'static", deserialize = "B: 'static"))]
pub enum Around<B> {
    /// Of a picture: the frame that the network looks at.
    Picture(Numbers<f64, B>),
    /// Of a slice in a volume: the volume's statistics.
    Volume(Numbers<f64, B>),
}

/// A surface of triangles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(serialize = "B: Clone + 'static", deserialize = "B: 'static"))]
pub struct Surface<B> {
    /// Corners as x, y and z, in millimetres.
    pub positions_mm: Numbers<f32, B>,
    /// Three corners for each triangle.
    pub triangles: Numbers<u32, B>,
}

/// A buffer of the worker that lies in pieces, so that a large study is never copied into one. Clones share them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pieces(Vec<Piece>);

/// A piece of a buffer.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    Bytes(Arc<Vec<u8>>),
    Shorts(Arc<Vec<u16>>),
}

impl Pieces {
    /// Numbers that lie slice by slice, shared with whoever else holds them.
    pub fn shared(slices: impl IntoIterator<Item = Arc<Vec<u16>>>) -> Self {
        Self(slices.into_iter().map(Piece::Shorts).collect())
    }

    /// Floating-point numbers.
    pub fn floats(values: impl IntoIterator<Item = f32>) -> Self {
        bytes_of_floats(values).into()
    }

    /// Floating-point numbers of double width.
    pub fn doubles(values: impl IntoIterator<Item = f64>) -> Self {
        values.into_iter().flat_map(f64::to_le_bytes).collect::<Vec<u8>>().into()
    }

    /// The bytes of each piece, in order.
    pub fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|piece| match piece {
            Piece::Bytes(bytes) => &bytes[..],
            // Every machine that this runs on is little-endian.
            Piece::Shorts(numbers) => bytemuck::cast_slice(&numbers[..]),
        })
    }

    /// Bytes of all pieces together.
    pub fn len(&self) -> usize {
        self.bytes().map(<[u8]>::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All bytes in one piece.
    pub fn to_vec(&self) -> Vec<u8> {
        self.bytes().collect::<Vec<_>>().concat()
    }
}

impl From<Vec<u8>> for Pieces {
    fn from(bytes: Vec<u8>) -> Self {
        Self(vec![Piece::Bytes(Arc::new(bytes))])
    }
}

/// Numbers as little-endian bytes.
pub fn bytes_of_floats(values: impl IntoIterator<Item = f32>) -> Vec<u8> {
    values.into_iter().flat_map(f32::to_le_bytes).collect()
}

/// The numbers in little-endian bytes.
pub fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// The numbers of double width in little-endian bytes.
pub fn doubles(bytes: &[u8]) -> Vec<f64> {
    bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
}
