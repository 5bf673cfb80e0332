//! Charts of a report, as PNG.

use std::error::Error;
use std::path::Path;
use std::sync::Once;

use image::RgbImage;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};

use crate::correct::refinement::{CURVE, Refinement};
use crate::data::card::Reported;
use crate::fit::run::EpochLog;
use crate::measure::calibration::{Bin, Calibration};
use crate::measure::report::Report;

/// Width and height of a chart, in pixels.
const SIZE: (u32, u32) = (900, 520);
/// Height of a patient's bar with its gap, in pixels.
const BAR: u32 = 24;
/// Size of the text, in pixels.
const TEXT: i32 = 17;
/// Colours of the first and the second series.
const SERIES: [RGBColor; 2] = [RGBColor(32, 98, 201), RGBColor(214, 96, 36)];

/// A drawing area on an image in memory.
type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// A chart whose axes are numbers.
type Chart<'a, 'b> = ChartContext<'a, BitMapBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Volume Dice of every patient, best first, beside what others report on the same data.
///
/// # Errors
///
/// If the file cannot be written.
pub fn volume_dice(report: &Report, reported: &[Reported], path: &Path) -> Result<(), Box<dyn Error>> {
    let patients = &report.patients;
    draw(path, (SIZE.0, 80 + BAR * patients.len() as u32), |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(230)
            .build_cartesian_2d(0.0..1.0, 0.0..patients.len() as f64)?;
        let mut mesh = chart.configure_mesh();
        let mean = report.metrics.mean_volume_dice;
        let others: Vec<_> =
            reported.iter().map(|Reported { by, volume_dice }| format!("{by} {volume_dice}")).collect();
        let dashed = if others.is_empty() { String::new() } else { format!("; dashed: {}", others.join(", ")) };
        let line = format!("Dice of the whole volume; mean {mean:.3} (orange){dashed}");
        mesh.disable_y_mesh().x_desc(line).x_labels(11).label_style(font());
        mesh.y_labels(0).light_line_style(TRANSPARENT).draw()?;
        let bars = patients.iter().zip(0..).map(|(patient, row)| {
            let row = f64::from(row);
            Rectangle::new([(0.0, row + 0.15), (patient.volume_dice, row + 0.85)], SERIES[0].mix(0.75).filled())
        });
        chart.draw_series(bars)?;
        for (patient, row) in patients.iter().zip(0..) {
            let (x, y) = chart.backend_coord(&(0.0, f64::from(row) + 0.5));
            area.draw(&Text::new(patient.patient.as_str(), (x - 222, y - TEXT / 2), font()))?;
        }
        let top = patients.len() as f64;
        for &Reported { volume_dice: value, .. } in reported {
            chart.draw_series(DashedLineSeries::new([(value, 0.0), (value, top)], 5, 4, BLACK.mix(0.5).into()))?;
        }
        chart.draw_series(LineSeries::new([(mean, 0.0), (mean, top)], SERIES[1].stroke_width(2)))?;
        Ok(())
    })
}

/// Shares that came true over the probabilities that said so.
///
/// # Errors
///
/// If the file cannot be written.
pub fn calibration(report: &Report, path: &Path) -> Result<(), Box<dyn Error>> {
    draw(path, SIZE, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..1.0, 0.0..1.0)?;
        let mut mesh = chart.configure_mesh();
        mesh.x_desc("predicted probability").y_desc("share that holds tumour").light_line_style(TRANSPARENT);
        mesh.label_style(font()).draw()?;
        chart.draw_series(DashedLineSeries::new([(0.0, 0.0), (1.0, 1.0)], 5, 4, BLACK.mix(0.5).into()))?;
        let curves = [("pixels", &report.pixel_calibration), ("slices (presence)", &report.presence_calibration)];
        for ((name, calibration), colour) in curves.into_iter().zip(SERIES) {
            let points: Vec<_> = calibration.bins().iter().filter_map(Bin::point).collect();
            chart.draw_series(points.iter().map(|&point| Circle::new(point, 4, colour.filled())))?;
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
                .label(format!("{name}, expected error {:.3}", Calibration::expected_error(calibration)))
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        }
        legend(&mut chart, SeriesLabelPosition::LowerRight)
    })
}

/// Training loss and tuning Dice over the epochs.
///
/// # Errors
///
/// If the file cannot be written.
pub fn training(log: &[EpochLog], path: &Path) -> Result<(), Box<dyn Error>> {
    draw(path, SIZE, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(1.0..(log.len().max(2) as f64), 0.0..1.0)?;
        let mut mesh = chart.configure_mesh();
        mesh.x_desc("epoch").x_label_formatter(&|epoch| format!("{epoch:.0}")).light_line_style(TRANSPARENT);
        mesh.label_style(font()).draw()?;
        type Value = fn(&EpochLog) -> Option<f64>;
        let curves: [(&str, Value); 2] = [
            ("Jaccard loss in training", |log| Some(f64::from(log.training_jaccard))),
            ("volume Dice of the tuning patients", |log| log.tuning_dice),
        ];
        for ((name, value), colour) in curves.into_iter().zip(SERIES) {
            let points = log.iter().filter_map(|log| Some((log.epoch as f64, value(log)?)));
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        }
        // Where the images grow, the curves start anew.
        for pair in log.windows(2).filter(|pair| pair[0].side != pair[1].side) {
            let at = pair[0].epoch as f64 + 0.5;
            chart.draw_series(DashedLineSeries::new([(at, 0.0), (at, 1.0)], 5, 4, BLACK.mix(0.5).into()))?;
            let (x, y) = chart.backend_coord(&(at, 0.04));
            area.draw(&Text::new(format!("{}²", pair[1].side), (x + 6, y - TEXT), font()))?;
        }
        legend(&mut chart, SeriesLabelPosition::MiddleRight)
    })
}

/// Mean IoU over the number of prompts.
///
/// # Errors
///
/// If the file cannot be written.
pub fn refinement(refinements: &[Refinement], path: &Path) -> Result<(), Box<dyn Error>> {
    draw(path, SIZE, |area| {
        let prompts = refinements.iter().map(|r| r.mean_iou.len()).max().unwrap_or(0).max(2) - 1;
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..prompts as f64, 0.0..1.0)?;
        let mut mesh = chart.configure_mesh();
        mesh.x_desc("prompts").y_desc("mean IoU").x_label_formatter(&|prompts| format!("{prompts:.0}"));
        mesh.light_line_style(TRANSPARENT).label_style(font()).draw()?;
        for (refinement, index) in refinements.iter().zip(0..) {
            let colour = Palette99::pick(index).to_rgba();
            let points: Vec<_> = (0..).map(f64::from).zip(refinement.mean_iou.iter().copied()).collect();
            chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, colour.filled())))?;
            chart
                .draw_series(LineSeries::new(points, colour.stroke_width(2)))?
                .label(refinement.name())
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
        }
        if let Some(first) = refinements.first() {
            let points = (0..).map(f64::from).zip(first.mean_iou_of_whole_errors.iter().copied());
            chart
                .draw_series(DashedLineSeries::new(points, 6, 5, BLACK.mix(0.5).into()))?
                .label("the first, if each prompt mended a whole error")
                .legend(|(x, y)| PathElement::new([(x, y), (x + 18, y)], BLACK.mix(0.5)));
        }
        legend(&mut chart, SeriesLabelPosition::LowerRight)
    })
}

/// Mean IoU over the number of prompts, a colour for each name: drawn through for the first of its courses, dashed for the second.
///
/// # Errors
///
/// If the file cannot be written.
pub fn side_by_side(series: &[(&str, Vec<&Refinement>)], path: &Path) -> Result<(), Box<dyn Error>> {
    draw(path, SIZE, |area| {
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .x_label_area_size(44)
            .y_label_area_size(60)
            .build_cartesian_2d(0.0..CURVE as f64, 0.0..1.0)?;
        let mut mesh = chart.configure_mesh();
        mesh.x_desc("prompts").y_desc("mean IoU").x_label_formatter(&|prompts| format!("{prompts:.0}"));
        mesh.light_line_style(TRANSPARENT).label_style(font()).draw()?;
        for ((name, courses), index) in series.iter().zip(0..) {
            let colour = Palette99::pick(index).to_rgba();
            for (course, at) in courses.iter().zip(0..) {
                let known = if course.not_taken == 0 { course.mean_iou.len() } else { 2 };
                let points: Vec<_> = (0..).map(f64::from).zip(course.mean_iou.iter().copied()).take(known).collect();
                chart.draw_series(points.iter().map(|&point| Circle::new(point, 3, colour.filled())))?;
                let label = format!("{name}, {}", course.robot.name().replace('-', " "));
                let style = colour.stroke_width(2);
                let drawn = if at == 0 {
                    chart.draw_series(LineSeries::new(points, style))?
                } else {
                    chart.draw_series(DashedLineSeries::new(points, 6, 5, style))?
                };
                let end = if at == 0 { 18 } else { 8 };
                drawn.label(label).legend(move |(x, y)| PathElement::new([(x, y), (x + end, y)], style));
            }
        }
        legend(&mut chart, SeriesLabelPosition::LowerRight)
    })
}

/// Writes text onto an image.
pub fn write(image: &mut RgbImage, text: &str, at: (i32, i32), colour: RGBColor) -> Result<(), Box<dyn Error>> {
    let size = image.dimensions();
    let area = BitMapBackend::with_buffer(image, size).into_drawing_area();
    area.draw(&Text::new(text.to_owned(), at, font().color(&colour)))?;
    Ok(area.present()?)
}

fn draw(
    path: &Path,
    size: (u32, u32),
    drawing: impl FnOnce(&Area) -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let mut image = RgbImage::new(size.0, size.1);
    {
        let area = BitMapBackend::with_buffer(&mut image, size).into_drawing_area();
        area.fill(&WHITE)?;
        drawing(&area)?;
        area.present()?;
    }
    Ok(image.save(path)?)
}

fn legend<'a, 'b: 'a>(chart: &mut Chart<'a, 'b>, position: SeriesLabelPosition) -> Result<(), Box<dyn Error>> {
    let mut labels = chart.configure_series_labels();
    labels.background_style(WHITE.mix(0.9)).border_style(BLACK.mix(0.3)).label_font(font()).position(position);
    labels.draw().map_err(|error| error.to_string().into())
}

fn font() -> TextStyle<'static> {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let font = epaint_default_fonts::UBUNTU_LIGHT;
        register_font("sans-serif", FontStyle::Normal, font).unwrap_or_else(|_| unreachable!("the typeface is valid"));
    });
    ("sans-serif", TEXT).into_font().color(&BLACK)
}
