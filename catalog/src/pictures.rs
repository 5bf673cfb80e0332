//! Pictures by themselves: a slice each, and the head on it that the network looks at.

use std::borrow::Cow;
use std::collections::BTreeMap;

use imaging::{Frame, Heads, Point, SEQUENCES, Size, Slice, Surroundings, click_scale, is_axial_head};
use protocol::{FileId, FromWorker, Pieces, Region, Remark, SliceInfo, View};

use crate::formats::Decoded;
use crate::{Host, OpenSlice};

/// The pictures that are open.
#[derive(Default)]
pub(crate) struct Pictures(BTreeMap<FileId, Picture>);

/// A picture that is open.
pub(crate) struct Picture {
    /// Name of its file.
    pub name: String,
    /// Its pixels.
    pub slice: Slice,
    /// What of it the network looks at.
    frame: Frame,
}

impl Pictures {
    /// Opens a picture; whether it looks like a label.
    pub fn open(&mut self, file: FileId, name: &str, decoded: Decoded, host: &mut dyn Host) -> bool {
        let Decoded { slice, digest, decode_us, halved } = decoded;
        let brightest = slice.sequence(0).iter().copied().fold(0.0, f32::max);
        let two_levels = slice.sequence(0).iter().all(|&v| v == 0.0 || v == brightest);
        let binary = slice.is_single_sequence() && brightest > 0.0 && two_levels;
        let Heads { frame, others } = Heads::of(&slice);
        let others = others.into_iter().map(|Point { x, y }| protocol::Point { x, y }).collect();
        let info = SliceInfo {
            width: slice.width(),
            height: slice.height(),
            single_sequence: slice.is_single_sequence(),
            binary,
            digest,
            view: view(&slice, frame),
            decode_us,
        };
        // What `decode_label` would say of the same pixels.
        let marks: Vec<u8> = slice.sequence(0).iter().map(|&v| u8::from(v > brightest / 2.0)).collect();
        let planes = Pieces::from(for_display(&slice)).into();
        host.reply(FromWorker::Opened { file, info, others, planes, marks: Pieces::from(marks).into() });
        self.0.insert(file, Picture { name: name.to_owned(), slice, frame });
        if halved {
            host.reply(FromWorker::Noted(Remark::Halved { name: name.to_owned() }));
        }
        binary
    }

    /// Lets the network look at the head at a place of a picture.
    pub fn look_at(&mut self, file: FileId, protocol::Point { x, y }: protocol::Point, host: &mut dyn Host) {
        let Some(Picture { slice, frame, .. }) = self.0.get_mut(&file) else { return };
        match Heads::frame_at(slice, Point { x, y }).filter(|found| found != frame) {
            Some(found) => {
                *frame = found;
                host.reply(FromWorker::Framed { file, view: view(slice, found) });
            }
            None => host.reply(FromWorker::Noted(Remark::NoOtherHead)),
        }
    }

    /// Forgets a picture.
    pub fn close(&mut self, file: FileId) {
        self.0.remove(&file);
    }

    /// A picture that is open.
    pub fn get(&self, file: FileId) -> Option<&Picture> {
        self.0.get(&file)
    }

    /// The picture as a question's slice.
    pub fn slice(&self, file: FileId) -> Option<OpenSlice<'_>> {
        let Picture { slice, frame, .. } = self.0.get(&file)?;
        Some(OpenSlice { slice: Cow::Borrowed(slice), surroundings: Surroundings::Picture(*frame) })
    }

    /// How many are open.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

fn view(slice: &Slice, frame: Frame) -> View {
    let Size { width, height } = frame.size();
    let (columns, rows) = frame.visible();
    let part = Region { left: columns.start, top: rows.start, width: columns.len(), height: rows.len() };
    let all = Size::new(part.width, part.height) == slice.size();
    View {
        part: (!all).then_some(part),
        click_scale: click_scale(width, height),
        axial_head: is_axial_head(slice, frame),
    }
}

/// Three planes of grey levels, each stretched to its brightest pixel.
fn for_display(slice: &Slice) -> Vec<u8> {
    let planes = (0..SEQUENCES).flat_map(|index| {
        let plane = slice.sequence(index);
        let brightest = plane.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
        plane.iter().map(move |v| (v / brightest * 255.0 + 0.5) as u8)
    });
    planes.collect()
}
