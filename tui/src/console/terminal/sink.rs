//! What ratatui writes to: gathers the bytes of a frame.

use std::io;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// ratatui's own backend writes resets and the cursor's state with
/// every frame, also when nothing has changed.
#[derive(Debug, Default)]
pub(super) struct Sink {
    bytes: Vec<u8>,
    pub(super) size: Size,
    /// Where the view wants the cursor; `None`: nowhere.
    wanted: Option<Position>,
    /// Where the terminal shows it.
    shown: Option<Position>,
}

impl Sink {
    pub(super) fn new(size: (u16, u16)) -> Sink {
        Sink { size: size.into(), ..Sink::default() }
    }

    /// The cursor may be visible, wherever it is.
    pub(super) fn forget(&mut self) {
        self.shown = Some(Position::ORIGIN);
    }

    /// The frame, if there is anything to write.
    pub(super) fn take(&mut self) -> io::Result<Option<Vec<u8>>> {
        let cells = std::mem::take(&mut self.bytes);
        if cells.is_empty() && self.wanted == self.shown {
            return Ok(None);
        }
        let mut frame = Vec::with_capacity(cells.len() + 32);
        // atomic where the terminal knows mode 2026; without it, less flicker
        queue!(frame, BeginSynchronizedUpdate)?;
        if self.shown.is_some() {
            queue!(frame, Hide)?;
        }
        frame.extend(cells);
        if let Some(Position { x, y }) = self.wanted {
            queue!(frame, MoveTo(x, y), Show)?;
        }
        queue!(frame, EndSynchronizedUpdate)?;
        self.shown = self.wanted;
        Ok(Some(frame))
    }
}

impl Backend for Sink {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        CrosstermBackend::new(&mut self.bytes).draw(content)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.wanted = None;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.wanted.unwrap_or(Position::ORIGIN))
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.wanted = Some(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        CrosstermBackend::new(&mut self.bytes).clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
