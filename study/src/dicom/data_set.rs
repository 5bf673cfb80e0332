//! Bytes of a data set into its elements, as far as what writers get wrong leaves no doubt of what they meant.
//!
//! Places of lengths: PS3.5, 7.1 and 7.5. The parser of dicom-rs takes memory for a value before it looks whether the
//! file has it, loses its place at a number of odd length, and reads sequences of unknown representation in the wrong
//! encoding (PS3.5, 6.2.2, note 2; correction CP-246). Here every value is a part of the file's own bytes.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry, VirtualVr};
use dicom_core::value::{C, DataSetSequence, PixelFragmentSequence};
use dicom_core::{DataElement, DicomValue, Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};
use dicom_encoding::text::SpecificCharacterSet;
use dicom_object::InMemDicomObject;
use thiserror::Error;

use super::values::{character_set, primitive};

mod beginning;
pub(super) use beginning::beginning;

/// A length that is not known beforehand: delimiters mark the end.
const UNDEFINED: u32 = u32::MAX;
/// Begins an item of a sequence, or a fragment of pixels.
const ITEM: Tag = Tag(0xfffe, 0xe000);
/// Ends an item without a length.
const END_OF_ITEM: Tag = Tag(0xfffe, 0xe00d);
/// Ends a sequence without a length.
const END_OF_SEQUENCE: Tag = Tag(0xfffe, 0xe0dd);
/// Bytes of the shortest element, of an item and of a delimiter.
const SHORTEST: usize = 8;
/// Levels of sequences within sequences that are read; those of Enhanced MR have five.
const DEEPEST: usize = 32;
/// Elements that are read; an Enhanced MR of 10,000 frames has about a million.
const MOST_ELEMENTS: usize = 1 << 21;
/// The group of a file's header.
const HEADER_GROUP: u16 = 2;

/// Why bytes are no data set.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub(super) enum DataSetError {
    /// A value ends beyond the file or the sequence that it is in.
    #[error("the element {0} claims to be longer than what holds it")]
    TooLong(Tag),
    /// The bytes end within an element or a sequence.
    #[error("it ends within an element")]
    CutShort,
    /// What follows is no item of a sequence, or an item outside of one.
    #[error("the element {0} has no place there")]
    Misplaced(Tag),
    /// Sequences within sequences without end.
    #[error("its sequences are nested more than {DEEPEST} deep")]
    TooDeep,
    /// More elements than any image has.
    #[error("it has more than {MOST_ELEMENTS} elements")]
    TooMany,
}

type Element = DataElement<InMemDicomObject>;

/// How elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    /// Whether each names its value representation.
    pub explicit: bool,
    /// Whether numbers begin with their highest byte.
    pub big_endian: bool,
}

/// The elements of the file's header, which begins `bytes`, and the bytes that they take.
///
/// The length of the group is not asked: where it is wrong, the elements still say where they end.
pub(super) fn header(bytes: &[u8]) -> Result<(InMemDicomObject, usize), DataSetError> {
    let mut reader = Reader::new(bytes, false);
    let mut header = InMemDicomObject::new_empty();
    let explicit = reader.is_explicit(bytes.len(), true);
    while bytes.len() - reader.at >= SHORTEST && reader.short(reader.at) == HEADER_GROUP {
        header.put(reader.element(explicit, bytes.len(), 0)?);
    }
    Ok((header, reader.at))
}

/// The elements of a data set that says of itself to be written in such an `encoding`.
///
/// Bytes behind the pixel data that are no elements are padding.
///
/// # Errors
///
/// [`DataSetError`] if the bytes end too early or contradict themselves.
pub(super) fn read(bytes: &[u8], encoding: Encoding) -> Result<InMemDicomObject, DataSetError> {
    // The first group is 8, rarely another small one: one of its bytes is zero.
    let big_endian = match bytes.get(..2) {
        Some(&[0, low]) if low > 0 => true,
        Some(&[low, 0]) if low > 0 => false,
        _ => encoding.big_endian,
    };
    let mut reader = Reader::new(bytes, big_endian);
    let explicit = big_endian || reader.is_explicit(bytes.len(), encoding.explicit);
    reader.object(explicit, bytes.len(), Closing::EndOfFile, 0)
}

/// What ends a data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    EndOfFile,
    Length,
    Delimiter,
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    big_endian: bool,
    /// Whether pixels are signed, as attributes of theirs then are.
    signed: bool,
    text: SpecificCharacterSet,
    elements: usize,
}

/// The header of an element.
struct Header {
    tag: Tag,
    vr: VR,
    length: u32,
    explicit: bool,
    /// Where its value begins.
    value: usize,
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8], big_endian: bool) -> Self {
        Self { bytes, at: 0, big_endian, signed: false, text: SpecificCharacterSet::default(), elements: 0 }
    }

    /// The number of 16 bit at a place; whoever asks knows that it is there.
    fn short(&self, at: usize) -> u16 {
        let bytes = [self.bytes[at], self.bytes[at + 1]];
        if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
    }

    fn long(&self, at: usize) -> u32 {
        let [first, second] = [self.short(at), self.short(at + 2)].map(u32::from);
        if self.big_endian { first << 16 | second } else { second << 16 | first }
    }

    fn tag(&self, at: usize) -> Tag {
        Tag(self.short(at), self.short(at + 2))
    }

    /// The representation that is named behind a tag, if it is one.
    fn named(&self, at: usize) -> Option<VR> {
        VR::from_binary([self.bytes[at + 4], self.bytes[at + 5]])
    }

    /// Whether an element that follows `tag` may begin at a place, or what holds it ends there.
    fn may_follow(&self, tag: Tag, at: usize, end: usize, explicit: bool) -> bool {
        if at == end {
            return true;
        }
        if at > end || end - at < SHORTEST {
            return false;
        }
        let next = self.tag(at);
        let named = || self.bytes[at + 4..at + 6].iter().all(u8::is_ascii_alphabetic);
        matches!(next, END_OF_ITEM | END_OF_SEQUENCE) || next > tag && next.0 < ITEM.0 && (!explicit || named())
    }

    /// Whether the elements from here on name their representations; `expected` where both could be.
    fn is_explicit(&self, end: usize, expected: bool) -> bool {
        if end - self.at < SHORTEST || self.tag(self.at).0 == ITEM.0 {
            return expected;
        }
        let length = self.long(self.at + 4);
        let follows = (self.at + SHORTEST).checked_add(length as usize);
        let implicit =
            length == UNDEFINED || follows.is_some_and(|next| self.may_follow(self.tag(self.at), next, end, false));
        match self.named(self.at) {
            Some(_) => expected || !implicit,
            None => expected && !implicit,
        }
    }

    /// The header of the element here; at least [`SHORTEST`] bytes are left.
    fn header(&self, explicit: bool, end: usize) -> Result<Header, DataSetError> {
        let (at, tag) = (self.at, self.tag(self.at));
        let implied = || self.implied(tag);
        let implicit =
            || Header { tag, vr: implied(), length: self.long(at + 4), explicit: false, value: at + SHORTEST };
        if !explicit {
            return Ok(implicit());
        }
        let brief = |vr| Header { tag, vr, length: self.short(at + 6).into(), explicit: true, value: at + SHORTEST };
        let wide = |vr| {
            let there = end - at >= SHORTEST + 4;
            there.then(|| Header { tag, vr, length: self.long(at + 8), explicit: true, value: at + SHORTEST + 4 })
        };
        if let Some(vr) = self.named(at) {
            return if is_wide(vr) { wide(vr).ok_or(DataSetError::CutShort) } else { Ok(brief(vr)) };
        }
        // A representation that is none: the form behind which the next element lies. New ones are of the longer form
        // (PS3.5, 7.1.2), misspelt ones mostly of the shorter.
        let fits = |header: &Header, explicit| {
            let next = header.value.checked_add(header.length as usize);
            header.length != UNDEFINED && next.is_some_and(|next| self.may_follow(tag, next, end, explicit))
        };
        let forms = [(Some(brief(implied())), true), (wide(implied()), true), (Some(implicit()), false)];
        let fitting = forms.into_iter().find_map(|(header, explicit)| header.filter(|header| fits(header, explicit)));
        fitting.or_else(|| wide(VR::UN)).ok_or(DataSetError::CutShort)
    }

    /// The representation that the dictionary knows.
    fn implied(&self, tag: Tag) -> VR {
        match StandardDataDictionary.by_tag(tag).map(|entry| entry.vr()) {
            Some(VirtualVr::Xs) if self.signed => VR::SS,
            Some(vr) => vr.relaxed(),
            None => VR::UN,
        }
    }

    /// The elements up to `end`, or to what closes them.
    fn object(
        &mut self,
        explicit: bool,
        end: usize,
        closing: Closing,
        level: usize,
    ) -> Result<InMemDicomObject, DataSetError> {
        let mut object = InMemDicomObject::new_empty();
        let mut has_pixels = false;
        while self.at < end {
            let tag = if end - self.at < SHORTEST { None } else { Some(self.tag(self.at)) };
            match tag {
                Some(END_OF_ITEM) if closing == Closing::Delimiter => {
                    self.at += SHORTEST;
                    return Ok(object);
                }
                // Whoever wrote it forgot the end of the item.
                Some(END_OF_SEQUENCE) if closing == Closing::Delimiter => return Ok(object),
                // A delimiter behind what has a length is one too many.
                Some(END_OF_ITEM | END_OF_SEQUENCE) => self.at += SHORTEST,
                _ => {
                    let element = match tag {
                        None => Err(DataSetError::CutShort),
                        Some(ITEM) => Err(DataSetError::Misplaced(ITEM)),
                        Some(tag) if has_pixels && tag <= tags::PIXEL_DATA => Err(DataSetError::Misplaced(tag)),
                        Some(_) => self.element(explicit, end, level),
                    };
                    match element {
                        Ok(element) => {
                            has_pixels |= closing == Closing::EndOfFile && is_pixels(element.header().tag);
                            object.put(element);
                        }
                        Err(_) if has_pixels => break,
                        Err(error) => return Err(error),
                    }
                }
            }
        }
        if closing == Closing::Delimiter { Err(DataSetError::CutShort) } else { Ok(object) }
    }

    /// The element here; at least [`SHORTEST`] bytes are left.
    fn element(&mut self, explicit: bool, end: usize, level: usize) -> Result<Element, DataSetError> {
        self.count()?;
        let Header { tag, vr, length, explicit, value } = self.header(explicit, end)?;
        self.at = value;
        if length == UNDEFINED {
            if tag == tags::PIXEL_DATA || matches!(vr, VR::OB | VR::OW) {
                return Ok(DataElement::new(tag, VR::OB, self.fragments(end)?));
            }
            let items = self.of_sequence(vr, |reader| reader.sequence(explicit && vr != VR::UN, end, true, level))?;
            return Ok(DataElement::new(tag, VR::SQ, items));
        }
        let next = value.checked_add(length as usize).filter(|&next| next <= end).ok_or(DataSetError::TooLong(tag))?;
        // What is unknown is written implicitly, and may be known here (PS3.5, 6.2.2, note 2).
        let known = if vr == VR::UN { self.implied(tag) } else { vr };
        if known == VR::SQ {
            let items = self.of_sequence(vr, |reader| reader.sequence(explicit && vr == VR::SQ, next, false, level));
            match items {
                Ok(items) => {
                    self.at = next;
                    return Ok(DataElement::new(tag, VR::SQ, items));
                }
                // What nobody else understands need not be understood.
                Err(_) if vr == VR::UN || tag.0 % 2 == 1 => {}
                Err(error) => return Err(error),
            }
        }
        let little = vr == VR::UN;
        let known = if known == VR::SQ { VR::UN } else { known };
        let number = primitive(known, &self.bytes[value..next], self.big_endian && !little, &self.text);
        self.at = next;
        if length % 2 == 1 {
            // Some write the length without its padding, most of them write none. Where both could be, a place beside the
            // right one makes a group of thousands out of padding.
            let follows = |at| self.may_follow(tag, at, end, explicit);
            let padded = next < end && follows(next + 1);
            let nearer = || end - next > SHORTEST && self.tag(next + 1) < self.tag(next);
            self.at += usize::from(padded && (!follows(next) || nearer()));
        }
        match tag {
            tags::SPECIFIC_CHARACTER_SET => self.text = character_set(&number),
            tags::PIXEL_REPRESENTATION => self.signed = number.to_int().is_ok_and(|signed: i64| signed == 1),
            _ => {}
        }
        Ok(DataElement::new(tag, known, number))
    }

    fn count(&mut self) -> Result<(), DataSetError> {
        self.elements += 1;
        if self.elements > MOST_ELEMENTS { Err(DataSetError::TooMany) } else { Ok(()) }
    }

    /// A sequence by `read`, after which everything is as it was: in one that is unknown numbers begin with their lowest
    /// byte, and items may have a character set of their own.
    fn of_sequence<T>(&mut self, vr: VR, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = (self.big_endian, self.text.clone(), self.signed);
        self.big_endian &= vr != VR::UN;
        let result = read(self);
        (self.big_endian, self.text, self.signed) = before;
        result
    }

    fn sequence(
        &mut self,
        explicit: bool,
        end: usize,
        open: bool,
        level: usize,
    ) -> Result<DicomValue<InMemDicomObject>, DataSetError> {
        if level == DEEPEST {
            return Err(DataSetError::TooDeep);
        }
        let mut items = Vec::new();
        while open || self.at < end {
            if end - self.at < SHORTEST {
                return Err(DataSetError::CutShort);
            }
            let (tag, length) = (self.tag(self.at), self.long(self.at + 4));
            self.at += SHORTEST;
            match tag {
                END_OF_SEQUENCE if open => break,
                END_OF_SEQUENCE => {}
                ITEM => {
                    self.count()?;
                    let (until, closing) = match length {
                        UNDEFINED => (end, Closing::Delimiter),
                        _ => (self.at.saturating_add(length as usize), Closing::Length),
                    };
                    if until > end {
                        return Err(DataSetError::TooLong(tag));
                    }
                    let explicit = self.is_explicit(until, explicit);
                    items.push(self.object(explicit, until, closing, level + 1)?);
                }
                _ => return Err(DataSetError::Misplaced(tag)),
            }
        }
        Ok(DicomValue::Sequence(DataSetSequence::from(items)))
    }

    /// Fragments of pixels (PS3.5, A.4). The last delimiter may be missing at the end of a file: whether the pixels are
    /// whole, their streams say.
    fn fragments(&mut self, end: usize) -> Result<DicomValue<InMemDicomObject>, DataSetError> {
        let mut parts: Vec<&[u8]> = Vec::new();
        while self.at < end {
            if end - self.at < SHORTEST {
                return Err(DataSetError::CutShort);
            }
            let (tag, length) = (self.tag(self.at), self.long(self.at + 4));
            self.at += SHORTEST;
            match tag {
                END_OF_SEQUENCE => break,
                ITEM => {
                    self.count()?;
                    let next = self.at.checked_add(length as usize).filter(|&next| next <= end);
                    let next = next.ok_or(DataSetError::TooLong(tag))?;
                    parts.push(&self.bytes[self.at..next]);
                    self.at = next;
                }
                _ => return Err(DataSetError::Misplaced(tag)),
            }
        }
        let (table, parts) = parts.split_first().map_or((&[][..], &[][..]), |(table, parts)| (*table, parts));
        let table: C<u32> = table.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let parts: C<Vec<u8>> = parts.iter().map(|part| part.to_vec()).collect();
        Ok(DicomValue::PixelSequence(PixelFragmentSequence::new(table, parts)))
    }
}

/// Whether an element holds the pixels of the image.
fn is_pixels(tag: Tag) -> bool {
    [tags::PIXEL_DATA, tags::FLOAT_PIXEL_DATA, tags::DOUBLE_FLOAT_PIXEL_DATA].contains(&tag)
}

/// Whether a representation has a length of 32 bit (PS3.5, 7.1.2).
fn is_wide(vr: VR) -> bool {
    use VR::{OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV};
    matches!(vr, OB | OD | OF | OL | OV | OW | SQ | SV | UC | UN | UR | UT | UV)
}
