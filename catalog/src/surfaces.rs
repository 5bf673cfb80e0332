//! Geometry of a study: surfaces of its head and of its mask, and its midline.

use imaging::Midline;
use protocol::{FromWorker, Onto, Pieces, Problem, StudyId, Surface, SurfaceFormat};
use study::{Role, Solid, SurfaceError, surface_of_head, surface_of_mask, write_glb, write_obj, write_stl};

use crate::Catalog;
use crate::linking::{affine, rows};
use crate::reasons::why;
use crate::studies::Study;

/// Triangles at most of each surface that is drawn, which are most of the time of a frame where the processor draws. Files have all.
const DRAWN_TRIANGLES: usize = 20_000;
/// The colour of a tumour in files that have any: that of masks on screen.
const TUMOR_COLOUR: [f32; 4] = [0.902, 0.471, 0.0, 1.0];

impl Catalog {
    /// The surfaces of a study, for the view in three dimensions, laid onto another study if one is named: the reply to the page;
    /// none if one of them is closed.
    pub(crate) fn surfaces(
        &self,
        study: StudyId,
        marks: &[u8],
        head: bool,
        onto: Option<Onto>,
    ) -> Option<FromWorker<Pieces>> {
        let study = self.studies.get(study)?;
        let onto = match onto {
            Some(onto) => Some((self.studies.get(onto.study)?, onto.voxels)),
            None => None,
        };
        Some(surfaces(study, marks, head, onto))
    }
}

fn surfaces(study: &Study, marks: &[u8], head: bool, onto: Option<(&Study, [f64; 12])>) -> FromWorker<Pieces> {
    let composite = &study.composite;
    if marks.len() != composite.geometry.voxels() {
        return FromWorker::Refused(Problem::MaskSize);
    }
    let own = composite.geometry.in_mm();
    let (grid, motion) = match onto {
        None => (own, own.map(|_| None)),
        Some((other, voxels)) => {
            let grid = other.composite.geometry.in_mm();
            let laid = grid.zip(own.and_then(|own| own.inverse()));
            (grid, laid.map(|(grid, from_mm)| Some(grid.after(&affine(&voxels)).after(&from_mm))))
        }
    };
    let (Some(grid), Some(motion)) = (grid.and_then(|grid| rows(&grid)), motion) else {
        return FromWorker::Refused(Problem::NoSurface {
            study: study.name.clone(),
            why: why(&SurfaceError::Unspaced),
        });
    };
    let sent = |surface: study::Surface| {
        sent(match &motion {
            Some(motion) => surface.moved(motion),
            None => surface,
        })
    };
    let volume = head.then(|| composite.volume(Role::Flair as usize));
    FromWorker::Surfaces {
        study: study.id,
        onto: onto.map(|(other, _)| other.id),
        grid,
        tumor: of_mask(composite, marks).ok().map(|surface| sent(surface.at_most(DRAWN_TRIANGLES))),
        head: volume.and_then(|volume| surface_of_head(&volume, DRAWN_TRIANGLES).ok()).map(sent),
    }
}

/// The plane that a study's head is most symmetric about: the reply to the page; none if its voxels have no size or show nothing.
pub(crate) fn midline(study: &Study) -> Option<FromWorker<Pieces>> {
    let (geometry, values) = (&study.composite.geometry, study.composite.volume(Role::Flair as usize).values);
    let intensities: Vec<f64> = (0..values.len()).map(|at| values.get(at)).collect();
    let air = intensities.iter().copied().fold(f64::INFINITY, f64::min);
    let values: Vec<f32> = intensities.into_iter().map(|value| (value - air) as f32).collect();
    let (midline, symmetry) = Midline::find(&values, geometry.size, geometry.spacing_mm()?)?;
    Some(FromWorker::Midline { study: study.id, plane: midline.numbers(), symmetry })
}

/// The surface of a mask as a file.
///
/// # Errors
///
/// [`SurfaceError`] if nothing is marked or it is not known how far apart voxels are.
pub(crate) fn file(study: &study::Composite, marks: &[u8], format: SurfaceFormat) -> Result<Vec<u8>, SurfaceError> {
    let surface = of_mask(study, marks)?;
    let solid = [Solid { name: "tumour", surface: &surface, colour: TUMOR_COLOUR }];
    Ok(match format {
        SurfaceFormat::Stl => write_stl(&surface),
        SurfaceFormat::Obj => write_obj(&solid).into_bytes(),
        SurfaceFormat::Glb => write_glb(&solid),
    })
}

fn of_mask(study: &study::Composite, marks: &[u8]) -> Result<study::Surface, SurfaceError> {
    let marked: Vec<bool> = marks.iter().map(|&mark| mark == 1).collect();
    surface_of_mask(&marked, &study.geometry)
}

fn sent(surface: study::Surface) -> Surface<Pieces> {
    let corners = surface.triangles.iter().flatten().flat_map(|corner| corner.to_le_bytes()).collect::<Vec<u8>>();
    Surface {
        positions_mm: Pieces::floats(surface.positions_mm.into_iter().flatten()).into(),
        triangles: Pieces::from(corners).into(),
    }
}
