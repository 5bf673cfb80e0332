//! The first bytes of a data set into the elements that they hold whole.

use dicom_object::InMemDicomObject;

use super::{Encoding, Reader, SHORTEST};

/// The elements of groups up to `last`, as many of them as are there.
pub(in crate::dicom) fn beginning(bytes: &[u8], encoding: Encoding, last: u16) -> InMemDicomObject {
    let mut reader = Reader::new(bytes, encoding.big_endian);
    let explicit = encoding.big_endian || reader.is_explicit(bytes.len(), encoding.explicit);
    let mut object = InMemDicomObject::new_empty();
    while bytes.len() - reader.at >= SHORTEST && reader.short(reader.at) <= last {
        match reader.element(explicit, bytes.len(), 0) {
            Ok(element) => object.put(element),
            Err(_) => break,
        };
    }
    object
}
