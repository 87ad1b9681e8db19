//! Exact rational numbers and closed intervals of them.
//!
//! A stated figure with `d` decimals stands for `[v − ½·10⁻ᵈ, v + ½·10⁻ᵈ]` when it is a rounded measurement, and for
//! itself when it is exact (points, counts). Two statements contradict each other only when their intervals are disjoint
//! (XBRL Calculations 1.1). Arithmetic is exact; what does not fit into 128 bits is `None`, never an approximation.

use rust_decimal::Decimal;
use std::cmp::Ordering;

/// An exact fraction in lowest terms, its denominator positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rational {
    num: i128,
    den: i128,
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl Rational {
    /// Nought.
    pub const ZERO: Rational = Rational { num: 0, den: 1 };
    /// One.
    pub const ONE: Rational = Rational { num: 1, den: 1 };

    /// `num / den`; `None` when `den` is 0 or a part does not fit.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        let divisor = gcd(num.unsigned_abs(), den.unsigned_abs());
        if den == 0 || num == i128::MIN || den == i128::MIN {
            return None;
        }
        let divisor = i128::try_from(divisor).ok()?;
        let (num, den) = (num / divisor, den / divisor);
        if den < 0 {
            Some(Rational {
                num: num.checked_neg()?,
                den: den.checked_neg()?,
            })
        } else {
            Some(Rational { num, den })
        }
    }

    /// A whole number.
    pub fn whole(value: i64) -> Self {
        Rational {
            num: i128::from(value),
            den: 1,
        }
    }

    /// The sum.
    pub fn plus(self, other: Self) -> Option<Self> {
        if self.den == other.den {
            return Self::new(self.num.checked_add(other.num)?, self.den);
        }
        let left = self.num.checked_mul(other.den)?;
        let right = other.num.checked_mul(self.den)?;
        Self::new(left.checked_add(right)?, self.den.checked_mul(other.den)?)
    }

    /// The same distance on the other side of nought.
    pub fn negated(self) -> Self {
        Rational {
            num: -self.num, // never i128::MIN: `new` and `from` keep magnitudes below 2^127
            den: self.den,
        }
    }

    /// The difference.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated())
    }

    /// The product.
    pub fn times(self, other: Self) -> Option<Self> {
        // Cross-cancelling first keeps products of money and rates well inside 128 bits.
        let a = Self::new(self.num, other.den)?;
        let b = Self::new(other.num, self.den)?;
        Self::new(a.num.checked_mul(b.num)?, a.den.checked_mul(b.den)?)
    }

    /// The quotient; `None` when the divisor is nought.
    pub fn over(self, other: Self) -> Option<Self> {
        self.times(Self::new(other.den, other.num)?)
    }

    /// Distance from nought.
    pub fn abs(self) -> Self {
        if self.num < 0 { self.negated() } else { self }
    }

    /// Whether it is below nought.
    pub fn is_negative(self) -> bool {
        self.num < 0
    }

    /// Whether it is nought.
    pub fn is_zero(self) -> bool {
        self.num == 0
    }

    /// The nearest decimal with `places` decimals, halves away from nought (四舍五入).
    pub fn rounded(self, places: u32) -> Option<Decimal> {
        let scaled = self.times(Rational::new(10i128.checked_pow(places)?, 1)?)?;
        let twice = scaled.num.checked_abs()?.checked_mul(2)?.checked_add(scaled.den)?;
        let magnitude = twice / scaled.den.checked_mul(2)?;
        let signed = if scaled.num < 0 { -magnitude } else { magnitude };
        Decimal::try_from_i128_with_scale(signed, places).ok()
    }

    /// The exact decimal, where there is one with at most 12 decimals; else rounded to `places`.
    pub fn decimal(self, places: u32) -> Option<Decimal> {
        for digits in 0..=12 {
            let unit = 10i128.pow(digits);
            if unit % self.den == 0 {
                return Decimal::try_from_i128_with_scale(self.num.checked_mul(unit / self.den)?, digits).ok();
            }
        }
        self.rounded(places)
    }
}

impl From<Decimal> for Rational {
    fn from(value: Decimal) -> Self {
        // A mantissa has 96 bits and a scale is at most 28, so both parts fit.
        let normal = value.normalize();
        Rational::new(normal.mantissa(), 10i128.pow(normal.scale())).unwrap_or(Rational::ZERO)
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    /// Compares whole parts first and reciprocals of the rests after, so that no product can overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b, mut flipped) = (*self, *other, false);
        loop {
            let whole = |r: Rational| (r.num.div_euclid(r.den), r.num.rem_euclid(r.den));
            let ((qa, ra), (qb, rb)) = (whole(a), whole(b));
            let order = match qa.cmp(&qb) {
                Ordering::Equal => match (ra, rb) {
                    (0, 0) => Ordering::Equal,
                    (0, _) => Ordering::Less,
                    (_, 0) => Ordering::Greater,
                    _ => {
                        (a, b) = (Rational { num: a.den, den: ra }, Rational { num: b.den, den: rb });
                        flipped = !flipped;
                        continue;
                    }
                },
                order => order,
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

/// A closed interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Lower bound.
    pub low: Rational,
    /// Upper bound.
    pub high: Rational,
}

impl Interval {
    /// One point.
    pub fn point(value: Rational) -> Self {
        Interval {
            low: value,
            high: value,
        }
    }

    /// `value ± half`.
    pub fn around(value: Rational, half: Rational) -> Option<Self> {
        Some(Interval {
            low: value.minus(half)?,
            high: value.plus(half)?,
        })
    }

    /// Whether the intervals share a point.
    pub fn meets(self, other: Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Whether a value lies inside.
    pub fn holds(self, value: Rational) -> bool {
        self.low <= value && value <= self.high
    }

    /// Half the width.
    pub fn half(self) -> Option<Rational> {
        self.high.minus(self.low)?.over(Rational::whole(2))
    }

    /// Sum of intervals.
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Interval {
            low: self.low.plus(other.low)?,
            high: self.high.plus(other.high)?,
        })
    }

    /// Difference of intervals.
    pub fn minus(self, other: Self) -> Option<Self> {
        Some(Interval {
            low: self.low.minus(other.high)?,
            high: self.high.minus(other.low)?,
        })
    }

    /// Product of intervals.
    pub fn times(self, other: Self) -> Option<Self> {
        let corners = [
            self.low.times(other.low)?,
            self.low.times(other.high)?,
            self.high.times(other.low)?,
            self.high.times(other.high)?,
        ];
        Some(Interval {
            low: *corners.iter().min()?,
            high: *corners.iter().max()?,
        })
    }

    /// Quotient of intervals; `None` when the divisor may be nought.
    pub fn over(self, other: Self) -> Option<Self> {
        if other.holds(Rational::ZERO) {
            return None;
        }
        self.times(Interval {
            low: Rational::ONE.over(other.high)?,
            high: Rational::ONE.over(other.low)?,
        })
    }

    /// Growth of `self` over `base` in per cent: `(self / base − 1) · 100`.
    pub fn growth(self, base: Self) -> Option<Self> {
        let hundred = Interval::point(Rational::whole(100));
        self.over(base)?.minus(Interval::point(Rational::ONE))?.times(hundred)
    }

    /// `self / whole` in per cent.
    pub fn share(self, whole: Self) -> Option<Self> {
        self.over(whole)?.times(Interval::point(Rational::whole(100)))
    }
}

/// Half of the last decimal place: `½·10⁻ᵈ`.
pub fn half_step(decimals: u32) -> Rational {
    let den = 10i128.checked_pow(decimals).and_then(|d| d.checked_mul(2));
    den.and_then(|den| Rational::new(1, den)).unwrap_or(Rational::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rational(text: &str) -> Rational {
        Decimal::from_str_exact(text).unwrap().into()
    }

    #[test]
    fn the_classes_of_the_seeds() {
        // 98.82 % of 1127.70 in ten thousands: the ratio of two rounded figures meets the stated rate.
        let rate = Interval::around(rational("98.82"), half_step(2)).unwrap();
        let actual = Interval::around(rational("1114.44"), half_step(2)).unwrap();
        let budget = Interval::around(rational("1127.7"), half_step(2)).unwrap();
        assert!(rate.meets(actual.share(budget).unwrap()));
        let other = Interval::around(rational("98.92"), half_step(2)).unwrap();
        assert!(!other.meets(actual.share(budget).unwrap()));
    }

    #[test]
    fn rounding_is_half_away_from_nought() {
        assert_eq!(rational("2.345").rounded(2).unwrap().to_string(), "2.35");
        assert_eq!(rational("-2.345").rounded(2).unwrap().to_string(), "-2.35");
        assert_eq!(Rational::new(1, 3).unwrap().decimal(3).unwrap().to_string(), "0.333");
        assert_eq!(Rational::new(1, 8).unwrap().decimal(1).unwrap().to_string(), "0.125");
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let huge = Rational::from(Decimal::MAX);
        let tiny = Rational::from(Decimal::from_i128_with_scale(1, 28));
        assert!(huge.times(huge).is_none());
        assert!(huge > tiny && huge.negated() < tiny);
        assert!(huge.over(Rational::ZERO).is_none());
    }

    fn decimal() -> impl Strategy<Value = Decimal> {
        (-10_000_000_000i64..10_000_000_000, 0u32..5).prop_map(|(m, s)| Decimal::new(m, s))
    }

    proptest! {
        /// Comparing agrees with the decimal's own order.
        #[test]
        fn order_is_that_of_decimals(a in decimal(), b in decimal()) {
            prop_assert_eq!(Rational::from(a).cmp(&Rational::from(b)), a.cmp(&b));
        }

        /// The sum of true values lies in the interval of the sum of what is stated of them.
        #[test]
        fn true_sums_lie_in_the_interval(values in prop::collection::vec(decimal(), 1..40), d in 0u32..4) {
            let stated = |v: Decimal| v.round_dp_with_strategy(d, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
            let mut sum = Interval::point(Rational::ZERO);
            let mut truth = Rational::ZERO;
            for v in &values {
                truth = truth.plus((*v).into()).unwrap();
                sum = sum.plus(Interval::around(stated(*v).into(), half_step(d)).unwrap()).unwrap();
            }
            prop_assert!(sum.holds(truth));
            let total: Decimal = values.iter().sum();
            let total = Interval::around(stated(total).into(), half_step(d)).unwrap();
            prop_assert!(total.meets(sum));
        }

        /// A total moved by one last digit beyond the slack is always seen.
        #[test]
        fn a_change_beyond_the_slack_is_seen(values in prop::collection::vec(0i64..1_000_000, 1..40)) {
            let mut sum = Interval::point(Rational::ZERO);
            for v in &values {
                sum = sum.plus(Interval::around(Decimal::new(*v, 2).into(), half_step(2)).unwrap()).unwrap();
            }
            let total = values.iter().sum::<i64>() + values.len() as i64 + 2;
            let total = Interval::around(Decimal::new(total, 2).into(), half_step(2)).unwrap();
            prop_assert!(!total.meets(sum));
        }

        /// Ratios, growth and products of true values lie in the intervals of what is stated of them.
        #[test]
        fn true_ratios_lie_in_the_interval(a in 1i64..1_000_000_000, b in 1i64..1_000_000_000) {
            let (a, b) = (Decimal::new(a, 3), Decimal::new(b, 3));
            let around = |v: Decimal| Interval::around(v.round_dp(1).into(), half_step(1)).unwrap();
            let (ra, rb) = (Rational::from(a), Rational::from(b));
            prop_assert!(around(a).times(around(b)).unwrap().holds(ra.times(rb).unwrap()));
            if let Some(share) = around(a).share(around(b)) {
                let ratio = ra.over(rb).unwrap();
                prop_assert!(share.holds(ratio.times(Rational::whole(100)).unwrap()));
                let growth = ratio.minus(Rational::ONE).unwrap().times(Rational::whole(100)).unwrap();
                prop_assert!(around(a).growth(around(b)).unwrap().holds(growth));
            }
            prop_assert!(around(a).minus(around(b)).unwrap().holds(ra.minus(rb).unwrap()));
        }
    }
}
