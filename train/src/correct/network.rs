//! The network as an answerer: what the page does with a prompt, with its own pixels obeyed.

use std::time::Instant;

use engine::{EngineError, Prepared, Segmenter};
use imaging::{Guidance, Mask, Overlap, ProbabilityMap, Prompt, Underlay, confine, reach_px};

use crate::correct::answerer::{AnswerError, Answered, Answerer, Answering, Begun, obeys};

impl Answerer for Segmenter {
    fn is_parallel(&self) -> bool {
        true
    }

    fn takes(&self, _: &Prompt) -> bool {
        self.manifest().takes_prompts()
    }

    fn open<'a>(&'a self, begun: Begun<'a>) -> Box<dyn Answering + 'a> {
        let Begun { slice, prepared, map, threshold } = begun;
        let under = Underlay { click_scale: prepared.click_scale(), flair: Some(slice.flair()) };
        let mask = map.mask(threshold);
        Box::new(Page { segmenter: self, prepared, under, map, mask, threshold, guidance: Guidance::default() })
    }
}

/// A slice as the page holds it.
struct Page<'a> {
    segmenter: &'a Segmenter,
    prepared: &'a Prepared,
    under: Underlay<'a>,
    map: ProbabilityMap,
    mask: Mask,
    threshold: f32,
    guidance: Guidance,
}

/// The map and the mask that the page shows after a prompt.
struct Shown {
    map: ProbabilityMap,
    mask: Mask,
    obeyed_by_network: bool,
    seconds: f64,
}

impl Page<'_> {
    /// What the newest prompt makes of the slice, or of a window of it.
    fn after(&self, prepared: &Prepared, prompt: &Prompt) -> Result<Shown, EngineError> {
        let clock = Instant::now();
        let answer = pollster::block_on(self.segmenter.refine(prepared, &self.guidance))?;
        let obeyed_by_network = obeys(&answer.mask(self.threshold), prompt);
        let prompts = &self.guidance.prompts;
        let map = confine(&self.map, &answer, &self.mask, self.threshold, prompts, 1, self.under);
        let mask = self.guidance.obey(map.mask(self.threshold));
        Ok(Shown { map, mask, obeyed_by_network, seconds: clock.elapsed().as_secs_f64() })
    }
}

impl Answering for Page<'_> {
    fn mask(&self) -> &Mask {
        &self.mask
    }

    fn answer(&mut self, prompt: Prompt) -> Result<Answered, AnswerError> {
        self.guidance.prompts.push(prompt.clone());
        self.guidance.previous = Some(self.mask.clone());
        let Shown { map, mask, obeyed_by_network, seconds } = self.after(self.prepared, &prompt)?;
        let reach = reach_px(&prompt, &self.mask, self.under.click_scale);
        let window = match self.prepared.window(&prompt, reach) {
            Some(window) => {
                let windowed = self.after(&window, &prompt)?;
                let overlap = Overlap::between(&windowed.mask, &mask).expect("both masks lie on the slice's grid");
                Some((overlap.dice().unwrap_or(1.0), windowed.seconds))
            }
            None => None,
        };
        (self.map, self.mask) = (map, mask);
        Ok(Answered { obeyed_by_itself: obeyed_by_network, seconds, window })
    }
}
