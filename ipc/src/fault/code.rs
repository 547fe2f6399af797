//! How a fault code is written, read and sent.

use std::fmt;
use std::str::FromStr;

use super::FaultCode;

impl FaultCode {
    pub fn number(self) -> u16 {
        self as u16
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RPA{:04}", self.number())
    }
}

impl FromStr for FaultCode {
    type Err = UnknownCode;

    /// Reads `RPA0101`, `rpa101`, `0101` and `101`.
    fn from_str(s: &str) -> Result<FaultCode, UnknownCode> {
        let digits = match s.split_at_checked(3) {
            Some((prefix, rest)) if prefix.eq_ignore_ascii_case("rpa") => rest,
            _ => s,
        };
        // `parse` alone would also take a sign
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(UnknownCode);
        }
        digits.parse::<u16>().map_err(|_| UnknownCode)?.try_into()
    }
}

impl TryFrom<u16> for FaultCode {
    type Error = UnknownCode;
    fn try_from(n: u16) -> Result<FaultCode, UnknownCode> {
        FaultCode::ALL.iter().copied().find(|c| c.number() == n).ok_or(UnknownCode)
    }
}

impl From<FaultCode> for u16 {
    fn from(c: FaultCode) -> u16 {
        c.number()
    }
}

/// Not a fault code of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such fault code")]
pub struct UnknownCode;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_in_every_usual_form() {
        for form in ["RPA0101", "rpa0101", "Rpa101", "RPA101", "0101", "101", "00101"] {
            assert_eq!(form.parse(), Ok(FaultCode::Unreachable), "{form}");
        }
        for bad in ["", "RPA", "rpa", "+101", "-1", "RPARPA101", "RP101", "101x", "9999", "70000"] {
            assert_eq!(bad.parse::<FaultCode>(), Err(UnknownCode), "{bad}");
        }
    }

    #[test]
    fn every_code_reads_back_what_it_writes() {
        for code in FaultCode::ALL {
            assert_eq!(code.to_string().parse(), Ok(*code));
            assert_eq!(FaultCode::try_from(u16::from(*code)), Ok(*code));
        }
    }
}
