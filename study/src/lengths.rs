//! Whether the lengths that a DICOM file claims fit into it, before anything is reserved for them.
//!
//! The parser of dicom-rs takes memory for a value before it reads it: a few damaged bytes would ask for gigabytes. The
//! places of lengths are those of PS3.5, 7.1 and 7.5.

use dicom_core::dictionary::{DataDictionary, DataDictionaryEntry};
use dicom_core::{Tag, VR};
use dicom_dictionary_std::{StandardDataDictionary, tags};

/// A length that is not known beforehand: delimiters mark the end.
const UNDEFINED: u32 = u32::MAX;
/// Begins an item of a sequence, or a fragment of pixels.
const ITEM: Tag = Tag(0xfffe, 0xe000);
/// Ends an item without a length.
const END_OF_ITEM: Tag = Tag(0xfffe, 0xe00d);
/// Ends a sequence without a length.
const END_OF_SEQUENCE: Tag = Tag(0xfffe, 0xe0dd);
/// Value representations with a length of 32 bit.
const LONG: [&[u8; 2]; 13] =
    [b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"];

/// How elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// Whether each names its value representation.
    pub explicit: bool,
    /// Whether numbers begin with their highest byte.
    pub big_endian: bool,
}

/// Bytes of the header's group at the start of `bytes`, in explicit little endian; none if a length does not fit, that of
/// the group included.
pub fn header_length(bytes: &[u8]) -> Option<usize> {
    let encoding = Encoding { explicit: true, big_endian: false };
    let mut at = 0;
    let mut claimed = 0;
    while bytes.get(at..at + 2) == Some(&[2, 0]) {
        let element = Element::at(bytes, at, encoding)?;
        at = element.value.checked_add(element.length as usize).filter(|&end| end <= bytes.len())?;
        if element.tag == tags::FILE_META_INFORMATION_GROUP_LENGTH {
            let length: [u8; 4] = bytes[element.value..at].try_into().ok()?;
            claimed = at.checked_add(u32::from_le_bytes(length) as usize)?;
        }
    }
    (claimed <= at).then_some(at)
}

/// Whether every length in a data set fits into it, elements are in order, and sequences hold items.
///
/// Bytes that are no data set fail one of these soon, before the parser takes their numbers for lengths.
pub fn fit(bytes: &[u8], encoding: Encoding) -> bool {
    let mut at = 0;
    // Encodings outside of the sequences without a length that are open.
    let mut outer = Vec::new();
    let mut encoding = encoding;
    let (mut in_fragments, mut item_expected) = (false, false);
    // Where the outermost sequence with a length ends, and the last element outside of sequences.
    let (mut nested_to, mut last) = (0, None);
    while at + 8 <= bytes.len() {
        let Some(element) = Element::at(bytes, at, encoding) else { return false };
        if element.length != UNDEFINED && !element.length.is_multiple_of(unit(element.vr)) {
            return false;
        }
        let is_item = [ITEM, END_OF_ITEM, END_OF_SEQUENCE].contains(&element.tag);
        if item_expected && !is_item || element.tag.0 == 0xffff {
            return false;
        }
        if outer.is_empty() && at >= nested_to && !is_item {
            if last.is_some_and(|last| element.tag <= last) {
                return false;
            }
            last = Some(element.tag);
        }
        at = element.value;
        item_expected = element.tag == END_OF_ITEM && !outer.is_empty();
        match element.tag {
            END_OF_ITEM => {}
            END_OF_SEQUENCE => {
                in_fragments = false;
                encoding = outer.pop().unwrap_or(encoding);
            }
            _ if element.length == UNDEFINED => {
                if element.tag != ITEM {
                    outer.push(encoding);
                    in_fragments = element.tag == tags::PIXEL_DATA;
                    item_expected = true;
                    // What is unknown is written implicitly (PS3.5, 6.2.2, note 2).
                    encoding.explicit &= element.vr != VR::UN;
                }
            }
            _ if element.length as usize > bytes.len() - at => return false,
            ITEM if !in_fragments => {}
            _ if element.vr == VR::SQ => {
                nested_to = nested_to.max(at + element.length as usize);
                item_expected = element.length > 0;
            }
            _ => at += element.length as usize,
        }
    }
    true
}

/// Bytes of a number of a value representation. Where a length is no multiple of it, the parser loses its place.
fn unit(vr: VR) -> u32 {
    match vr {
        VR::US | VR::SS | VR::OW => 2,
        VR::AT | VR::UL | VR::SL | VR::FL | VR::OL | VR::OF => 4,
        VR::FD | VR::OD | VR::SV | VR::UV | VR::OV => 8,
        _ => 1,
    }
}

/// The header of an element.
struct Element {
    tag: Tag,
    vr: VR,
    length: u32,
    /// Where its value begins.
    value: usize,
}

impl Element {
    fn at(bytes: &[u8], at: usize, encoding: Encoding) -> Option<Self> {
        let short = |at: usize| {
            let bytes: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
            Some(if encoding.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
        };
        let long = |at: usize| {
            let bytes: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
            Some(if encoding.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
        };
        let tag = Tag(short(at)?, short(at + 2)?);
        if tag.0 == ITEM.0 {
            return Some(Self { tag, vr: VR::UN, length: long(at + 4)?, value: at + 8 });
        }
        if !encoding.explicit {
            let vr = StandardDataDictionary.by_tag(tag).map_or(VR::UN, |entry| entry.vr().relaxed());
            return Some(Self { tag, vr, length: long(at + 4)?, value: at + 8 });
        }
        let name: [u8; 2] = bytes.get(at + 4..at + 6)?.try_into().ok()?;
        // A representation that is none has the longer form, as one that is unknown.
        let known = VR::from_binary(name);
        if LONG.contains(&&name) || known.is_none() {
            let vr = known.unwrap_or(VR::UN);
            return Some(Self { tag, vr, length: long(at + 8)?, value: at + 12 });
        }
        Some(Self { tag, vr: known?, length: short(at + 6)?.into(), value: at + 8 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXPLICIT: Encoding = Encoding { explicit: true, big_endian: false };
    const IMPLICIT: Encoding = Encoding { explicit: false, big_endian: false };

    /// An element in explicit little endian with a length of its own choice.
    fn element(tag: (u16, u16), vr: &[u8; 2], length: u32, value: &[u8]) -> Vec<u8> {
        let mut bytes = [tag.0.to_le_bytes(), tag.1.to_le_bytes(), *vr].concat();
        match LONG.contains(&vr) {
            true => bytes.extend([&[0, 0][..], &length.to_le_bytes()].concat()),
            false => bytes.extend((length as u16).to_le_bytes()),
        }
        [bytes, value.to_vec()].concat()
    }

    fn item(length: u32, value: &[u8]) -> Vec<u8> {
        [&[0xfe, 0xff, 0x00, 0xe0][..], &length.to_le_bytes(), value].concat()
    }

    const END: [u8; 8] = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];

    #[test]
    fn lengths_beyond_the_file_are_found_wherever_they_stand() {
        let good = element((0x10, 0x10), b"PN", 4, b"Doe ");
        let bad = element((0x42, 0x11), b"OB", 0x7fff_fff0, b"few");
        assert!(fit(&good, EXPLICIT) && !fit(&bad, EXPLICIT));
        for inner in [&good, &bad] {
            let expected = inner == &good;
            let length = inner.len() as u32;
            let nested = [
                element((0x5200, 0x9230), b"SQ", length + 8, &item(length, inner)),
                [element((0x5200, 0x9230), b"SQ", UNDEFINED, &item(UNDEFINED, inner)), END.to_vec()].concat(),
                [element((0x5200, 0x9230), b"SQ", UNDEFINED, &item(length, inner)), END.to_vec()].concat(),
            ];
            for bytes in nested {
                let after = element((0x7000, 0x10), b"PN", 4, b"Doe ");
                assert_eq!(fit(&[bytes, after].concat(), EXPLICIT), expected);
            }
        }
    }

    #[test]
    fn elements_out_of_order_and_sequences_without_items_are_no_data_set() {
        let [first, second] = [0x10, 0x20].map(|group| element((group, 0x10), b"PN", 4, b"Doe "));
        assert!(fit(&[first.clone(), second.clone()].concat(), EXPLICIT));
        assert!(!fit(&[second, first.clone()].concat(), EXPLICIT));
        assert!(!fit(&element((0x5200, 0x9230), b"SQ", UNDEFINED, &first), EXPLICIT));
    }

    #[test]
    fn half_a_number_is_no_data_set() {
        // Found by the fuzzer: a group length of two bytes, after which the parser reads lengths out of place.
        assert!(!fit(b"I\0\0\0\x02\0\0\0\0\0\xb5\0\0\0\0\xe6", IMPLICIT));
        assert!(!fit(&element((0x28, 0x10), b"US", 3, &[1, 2, 3]), EXPLICIT));
    }

    #[test]
    fn fragments_are_no_elements() {
        let noise = [0x7f; 40];
        let pixels =
            |length| [element((0x7fe0, 0x10), b"OB", UNDEFINED, &[]), item(0, &[]), item(length, &noise)].concat();
        assert!(fit(&[pixels(40), END.to_vec()].concat(), EXPLICIT));
        assert!(!fit(&[pixels(4000), END.to_vec()].concat(), EXPLICIT));
    }

    #[test]
    fn what_is_unknown_is_implicit_inside() {
        let implicit = |length: u32| [&[0x10, 0, 0x10, 0][..], &length.to_le_bytes(), b"Doe "].concat();
        for (length, expected) in [(4, true), (0x4000_0000, false)] {
            let inner = item(UNDEFINED, &implicit(length));
            let bytes = [element((0x9, 0x10), b"UN", UNDEFINED, &inner), END.to_vec()].concat();
            assert_eq!(fit(&bytes, EXPLICIT), expected);
            assert_eq!(fit(&implicit(length), IMPLICIT), expected);
        }
    }

    #[test]
    fn the_header_ends_where_its_group_does() {
        let header = [element((2, 0x10), b"UI", 2, b"1\0"), element((2, 1), b"OB", 2, &[0, 1])].concat();
        let file = [header.clone(), element((8, 0x60), b"CS", 2, b"MR")].concat();
        assert_eq!(header_length(&file), Some(header.len()));
        assert_eq!(header_length(&element((2, 1), b"OB", 0x7fff_ffff, &[0, 1])), None);
        // Found by the fuzzer: the parser believes the group's length, and reads what follows as the header.
        for (length, expected) in [(header.len(), true), (header.len() + 1, false), (0xb500_00de, false)] {
            let group = element((2, 0), b"UL", 4, &(length as u32).to_le_bytes());
            assert_eq!(header_length(&[group, file.clone()].concat()).is_some(), expected, "{length}");
        }
    }
}
