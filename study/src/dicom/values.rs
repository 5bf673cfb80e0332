//! Bytes of a value into numbers or text, by its representation (PS3.5, 6.2).

use dicom_core::value::C;
use dicom_core::{PrimitiveValue, Tag, VR};
use dicom_encoding::text::{SpecificCharacterSet, TextCodec};

/// A value out of its bytes. What is left over behind the last whole number counts for nothing.
pub(super) fn primitive(vr: VR, bytes: &[u8], big_endian: bool, text: &SpecificCharacterSet) -> PrimitiveValue {
    if bytes.is_empty() {
        return PrimitiveValue::Empty;
    }
    /// Numbers of `N` bytes.
    fn numbers<const N: usize, T>(bytes: &[u8], big_endian: bool, from_le_bytes: fn([u8; N]) -> T) -> C<T> {
        let whole = bytes.chunks_exact(N).map(|chunk| {
            let mut number = [0; N];
            number.copy_from_slice(chunk);
            if big_endian {
                number.reverse();
            }
            from_le_bytes(number)
        });
        whole.collect()
    }
    let words = |unit: usize| -> PrimitiveValue {
        let mut bytes = bytes.to_vec();
        if big_endian {
            bytes.chunks_exact_mut(unit).for_each(<[u8]>::reverse);
        }
        PrimitiveValue::U8(bytes.into())
    };
    match vr {
        VR::AT => {
            let halves = numbers(bytes, big_endian, u16::from_le_bytes);
            PrimitiveValue::Tags(halves.chunks_exact(2).map(|tag| Tag(tag[0], tag[1])).collect())
        }
        VR::US => PrimitiveValue::U16(numbers(bytes, big_endian, u16::from_le_bytes)),
        VR::SS => PrimitiveValue::I16(numbers(bytes, big_endian, i16::from_le_bytes)),
        VR::UL => PrimitiveValue::U32(numbers(bytes, big_endian, u32::from_le_bytes)),
        VR::SL => PrimitiveValue::I32(numbers(bytes, big_endian, i32::from_le_bytes)),
        VR::UV => PrimitiveValue::U64(numbers(bytes, big_endian, u64::from_le_bytes)),
        VR::SV => PrimitiveValue::I64(numbers(bytes, big_endian, i64::from_le_bytes)),
        VR::FL => PrimitiveValue::F32(numbers(bytes, big_endian, f32::from_le_bytes)),
        VR::FD => PrimitiveValue::F64(numbers(bytes, big_endian, f64::from_le_bytes)),
        VR::OW => words(2),
        VR::OL | VR::OF => words(4),
        VR::OD | VR::OV => words(8),
        VR::OB | VR::UN | VR::SQ => words(1),
        VR::LT | VR::ST | VR::UT | VR::UR => PrimitiveValue::Str(decoded(bytes, text)),
        _ => PrimitiveValue::Strs(bytes.split(|&byte| byte == b'\\').map(|part| decoded(part, text)).collect()),
    }
}

/// Text without its padding; what is none in its character set is read as Latin letters.
fn decoded(bytes: &[u8], text: &SpecificCharacterSet) -> String {
    let length = bytes.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |last| last + 1);
    let bytes = &bytes[..length];
    text.decode(bytes).unwrap_or_else(|_| bytes.iter().map(|&byte| char::from(byte)).collect())
}

/// The character set that a value names, or the default one.
pub(super) fn character_set(value: &PrimitiveValue) -> SpecificCharacterSet {
    let codes = value.to_multi_str();
    let named = codes.iter().map(|code| code.trim()).find(|code| !code.is_empty());
    named.and_then(SpecificCharacterSet::from_code).unwrap_or_default()
}
