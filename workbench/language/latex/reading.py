"""Reading: the tokens of a formula in LaTeX, as it would be typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from workbench.errors import BadInput
from workbench.language.events import CHANCES
from workbench.language.free_indices import INDICES
from workbench.language.functions import MEANS
from workbench.language.latex.refusals import INSTEAD
from workbench.language.latex.tokens import (
    ACCENTS,
    ADJOINT,
    BARS,
    BARS_CLOSE,
    CALLS,
    CLOSE,
    ENDS,
    GREEK,
    SIGNS,
    SPELLED,
    STARS,
    TOP,
    TWO,
    bare,
)  # fmt: skip
from workbench.language.operators import DOUBLE
from workbench.language.shorthand import UNSIGNED, norm_with

RELATIONS = {sign for sign in SIGNS if SIGNS[sign][0] in "<>=!"}
SQUARE = (*MEANS, *CHANCES)  # what square brackets follow


@dataclass
class Paper:
    """The tokens of a formula and the place in them; `letters`: the known ones by what their spellings share."""

    tokens: list[str]
    letters: dict[str, str]
    place: int = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> str:
        token = self.next
        if not token or (expected and token != expected):
            raise BadInput(f"this LaTeX has {token or 'its end'!r} where {expected or 'more'!r} should stand; "
                           f"balance its brackets")  # fmt: skip
        self.place += 1
        return token

    def sequence(self, *stops: str) -> str:
        """Everything up to a closing token, with the signs of the products that papers leave out."""
        written, sign, divided = [], "", False
        while self.next not in (*ENDS, *stops) and not self.next.startswith("\\end{"):
            if self.next in SIGNS:
                sign = SIGNS[self.take()]
                divided = sign == "/"
                written.append(f" {sign} " if sign == "~" else sign)
                continue
            factor = self.entrywise()
            if written and not sign:
                unsigned = divided and not written[-1].endswith(")")
                if factor[0].isdigit() and (unsigned or written[-1][-1].isdigit()):
                    raise BadInput(f"the product …{written[-1]} {factor}… {TWO}")
                written.append(UNSIGNED if unsigned else "*")
                divided = divided and unsigned
            written.append(factor)
            sign = ""
        return "".join(written)

    def product(self) -> str:
        """Factors up to the next sign of a sum: what a Σ adds up."""
        factors = [self.entrywise()]
        while self.next not in (*ENDS, "|", *SIGNS) or SIGNS.get(self.next) in ("*", "@", "×"):
            if self.next in SIGNS:
                self.take()
            factors.append(self.entrywise())
        return "*".join(factors)

    def entrywise(self) -> str:
        """A factor, or several with ∘ between them."""
        written = self.factor()
        while self.next in ENTRYWISE:
            written = f"{ENTRYWISE[self.take()]}({written}, {self.factor()})"
        return written

    def factor(self) -> str:
        """A letter, number, bracket, fraction or call, with what is written above it."""
        written = self.atom()
        if (
            self.tokens[self.place : self.place + 2] == ["_", "+"]
            or self.tokens[self.place : self.place + 4] == POSITIVE
        ):
            self.place += 2 if self.tokens[self.place + 1] == "+" else 4
            written = f"relu({written})"
        if written.endswith(")") and self.next == "_":
            self.take()
            written += self.entry(self.above())
        while self.next in ("^", ".T", ".H", "'", "⊤", "ᵀ", "ᴴ", "†", "!"):
            sign = self.take()
            if sign == "!":
                if self.next == "!":
                    raise BadInput(DOUBLE)
                written = f"factorial({written})"
                continue
            above = ["\\dagger"] if sign in (".H", "ᴴ", "†") else ["\\top"]
            written = self.raised(written, self.above() if sign == "^" else above)
        return written

    def entry(self, index: list[str]) -> str:
        """The index of an entry of a product in brackets, counted from one there and from zero here."""
        places = [*"".join(index)] if len(index) == 1 else [part for part in index if part != ","]
        if 0 < len(places) <= 2 and all(place in {*INDICES} for place in places):
            return f"[{', '.join(places)}]"
        if not all(place.isdigit() and place != "0" for place in places) or len(places) > 2:
            self.refuse("this index of a bracket")
        return f"[{', '.join(str(int(place) - 1) for place in places)}]"

    def above(self) -> list[str]:
        """The tokens of an index or exponent: one token, or what stands in braces."""
        if self.next != "{":
            token = self.take()
            if token.isdigit() and len(token) > 1:
                raise BadInput(f"{token} above or below a letter has two readings; write braces around it")
            return [token] if token not in ("-", "+") else [token, self.take()]
        start, depth = self.place + 1, 0
        while True:
            depth += {"{": 1, "}": -1}.get(self.take(), 0)
            if not depth:
                return self.tokens[start : self.place - 1]

    def raised(self, written: str, above: list[str]) -> str:
        """A factor with its exponent: a transposition, an entrywise power, or a power."""
        top = [sign for sign in TOP if sign not in self.letters.values()]  # T may be a number of steps
        if len(above) == 1 and above[0] in top:
            return f"{written}.T"
        if len(above) == 1 and above[0] in ADJOINT and above[0] not in self.letters.values():
            return f"{written}.H"
        if len(above) == 1 and above[0] in STARS:
            return self.starred(written)
        if len(above) == 2 and above[0] == "-" and above[1] in top:
            return f"inv({written}).T"
        if above[:1] == ["\\circ"] and (times := "".join(above[1:]).strip("{}")).isdigit() and 1 < int(times) < 9:
            return f"had({', '.join([written] * int(times))})"
        return f"{written}**({self.within(above)})"

    def starred(self, written: str) -> str:
        """w^⋆, a letter of its own. Raises BadInput where it is not declared: of a matrix it may be its adjoint."""
        name = f"{written}_star"
        if self.letters and bare(name) not in self.letters:
            raise BadInput(f"{written}^* is no declared letter; declare {name}, or write ^\\dagger for the adjoint")
        return self.letters.get(bare(name), name)

    def within(self, tokens: list[str]) -> str:
        """What other tokens say in the same letters."""
        inner = Paper(tokens, self.letters)
        written = inner.sequence()
        if inner.next or not written:
            raise BadInput(f"{' '.join(tokens)!r} is no formula of its own; balance its brackets")
        return written

    def atom(self) -> str:
        token = self.take()
        if token in CLOSE:
            return self.bracket(token)
        if token in BARS:
            return self.bars(token)
        if token == "1" and self.next == "_":  # 1_d, 1_{u > 0}
            return self.ones()
        if token[0].isdigit():
            return token
        if token.startswith("\\begin"):
            return self.matrix(token)
        if token.startswith("\\word{"):
            return self.word(token[6:-1])
        if token[0] == "\\" and (reader := COMMANDS.get(token)):
            return reader(self)
        if token[0] == "\\":
            return self.command(token[1:])
        return self.called(token) if token in CALLS and token not in self.letters.values() else self.letter(token)

    def word(self, name: str) -> str:
        """An upright word; before a bracket it is called, MLP(x), unless it is a letter."""
        known = name in CALLS or name in self.letters.values() or name.lower() in (*SPELLED, *GREEK)
        if self.next == "(" and len(name) > 1 and not known:
            return name + self.atom()
        return self.called(name)

    def command(self, name: str) -> str:
        if name in ACCENTS:
            if "\\word{E}" in self.tokens[self.place : self.place + 2]:
                self.refuse("an accent over a mean")
            return self.letter("".join(self.above()).strip("\\") + name.removeprefix("wide").replace("overline", "bar"))
        if name in SPELLED or name.lower() in (*SPELLED, *GREEK):
            return self.letter(name if name in self.letters.values() else SPELLED.get(name, name))
        if name in CALLS:
            return self.called(name)
        self.refuse(f"\\{name}")

    def refuse(self, what: str) -> NoReturn:
        if what in INSTEAD:
            raise BadInput(f"{what} {INSTEAD[what]}")
        raise BadInput(f"{what} is not understood here; write the formula with letters, \\frac, \\sqrt, "
                       f"\\operatorname{{tr}}, \\mathbb{{E}}[…] and ^\\top")  # fmt: skip

    def bracket(self, opening: str) -> str:
        """What stands in brackets; those around a matrix are its own."""
        if self.next.startswith("\\begin"):
            written = self.matrix(self.take())
        elif opening == "\\langle":
            left = self.sequence()
            first, _, second = left.partition(",")
            if not second or "," in second:
                self.refuse("⟨…⟩")
            written = f"(({first}).T*({second}))"
        else:
            inside = self.sequence()
            written = f"[{inside}]" if opening == "[" and lists(inside) else f"({inside})"
        self.take(CLOSE[opening])
        return written

    def bars(self, opening: str) -> str:
        """|x|, ‖x‖, and ‖x‖₂ of a vector; a norm of a matrix is that of Frobenius."""
        closing = BARS_CLOSE.get(opening, opening)
        inside, index = self.sequence(closing), []
        if self.next != closing:
            self.refuse("\\mid")
        self.take(closing)
        if self.next == "_":
            self.take()
            index = self.above()
        if index and BARS[opening] == "abs":
            self.refuse("this index of a norm")
        below = "".join(part.removeprefix("\\word").strip("\\{}") for part in index)
        return f"{norm_with(below) if index else BARS[opening]}({inside})"

    def matrix(self, begin: str) -> str:
        if "matrix" not in begin and "array" not in begin:
            self.refuse(begin)
        rows = [[self.sequence()]]
        while self.next in ("&", "\\\\"):
            if self.take() == "&":
                rows[-1].append(self.sequence())
            elif not self.next.startswith("\\end"):
                rows.append([self.sequence()])
        if not self.take().startswith("\\end"):
            self.refuse("a matrix without its end")
        return f"[{', '.join(f'[{chr(44).join(row)}]' for row in rows)}]"

    def called(self, name: str) -> str:
        """A function with its power and what it is taken of; any other word is a letter."""
        if name == "e" and self.next != "_":
            return self.exponential()
        if name not in CALLS or name in self.letters.values():
            return self.letter(name)
        name, power = CALLS[name], ""
        over = self.over() if name in SQUARE else ""
        if self.next == "_":
            self.refuse(f"an index of {name}")
        if self.next == "^":
            self.take()
            power = self.within(self.above())
            if power.startswith("-"):
                raise BadInput(f"{name}^{{{power}}} has two readings; write the inverse or the fraction out")
        bracket = self.next
        if bracket in ("(", "[", "{", "\\{"):
            inside = self.atom()
            inside = inside if inside[0] in "([" and bracket != "{" else f"({inside})"
            if name in CHANCES or (bracket == "[" and name in SQUARE):
                inside = f"[{inside[1:-1]}]"
            if over:
                inside = f"[{inside[1:-1]}]"
        elif name == "E":
            inside = f"[{self.product()}]"
        else:
            inside = f"({self.entrywise()})"
            if self.next not in (*ENDS, *SIGNS, "|"):
                raise BadInput(f"{name} of several factors has two readings; write its brackets")
        return f"{name}{over}{inside}" + (f"**({power})" if power else "")

    def over(self) -> str:
        """The letters below a mean, _x or _x__y. Raises BadInput for anything else there."""
        if self.next != "_":
            return ""
        self.take()
        below = self.above()
        if "'" in below or "\\prime" in below:
            raise BadInput("a prime is a transposition here, and no letter of its own; call the copy of x y, y ~ …")
        letters = self.within(below).removeprefix("(").removesuffix(")").split(",")
        if not all(letter.isidentifier() for letter in letters):
            self.refuse(f"{','.join(letters)} below a mean, where letters and their laws stand,")
        return f"_{'__'.join(letters)}"

    def exponential(self) -> str:
        if self.next != "^":
            return "exp(1)"
        self.take()
        return f"exp({self.within(self.above())})"

    def letter(self, name: str) -> str:
        """A letter with its index; before a list in brackets it is a law, N(0, Sigma), or a function of two numbers."""
        below = ""
        if name == "e" and self.next != "_" and "e" not in self.letters.values():
            return self.exponential()
        if self.next == "_":
            self.take()
            index = self.above()
            if name == "I" and "I" not in self.letters.values():
                return f"I({self.within(index)})"
            below = "".join(part.removeprefix("\\word").strip("\\{}") for part in index if part not in ("{", "}", ","))
        found = self.letters.get(bare(name + below), f"{name}_{below}" if below else name)
        if self.next == "(" and found in MAPS:
            self.ask_for_map(found)
        if self.next == "(" and found not in self.letters.values():
            if found in ("O", "o"):
                self.refuse(f"{found}(…)")
            start = self.place
            inside = self.atom()
            if found in (*CHANCES, "Phi") and (found == "Phi" or re.search("[<>=]", inside)):
                return found + inside
            if lists(inside[1:-1]):
                return {"T": "owens_t", "zeta": "zeta_erf"}.get(found, found) + inside
            if found == "Gamma":
                return "gamma" + inside
            self.place = start
        return found

    def ask_for_map(self, name: str) -> None:
        """Refuse σ(u), a function of u, where σ is no letter, or a bracket holds a letter alone."""
        start, inside = self.place, self.atom()
        self.place = start
        if name not in self.letters.values() or inside[1:-1].isidentifier():
            raise BadInput(f"is {name}{inside} a function, or a product? write the function that it is, e.g. relu(…), "
                           f"or \\cdot before the bracket")  # fmt: skip

    def tells_event(self) -> bool:
        """Whether the bracket that follows holds an inequality."""
        depth = 0
        for sign in self.tokens[self.place :]:
            depth += (sign in CLOSE) - (sign in CLOSE.values())
            if not depth or sign in RELATIONS:
                return sign in RELATIONS
        return False

    def fraction(self) -> str:
        if self.next.isdigit() and len(self.next) > 1:  # \\frac12
            self.tokens[self.place : self.place + 1] = [*self.next]
        above, below = self.above(), self.above()
        if "\\partial" in (above[:1] + below[:1]) or "\\word{d}" in (above[:1] + below[:1]):
            return self.quotient(above, below)
        if above == ["d"] and below[:1] == ["d"] and len(below) == 2 and re.match(r"\\?[A-Za-z]", below[1]):
            return f"grad({self.product()}, {self.within(below[1:])})"  # \\frac{d}{dt}
        return f"(({self.within(above)})/({self.within(below)}))"

    def choice(self) -> str:
        r"""\\binom{n}{k}, the number of ways to choose."""
        above, below = self.above(), self.above()
        return f"binomial({self.within(above)}, {self.within(below)})"

    def quotient(self, above: list[str], below: list[str]) -> str:
        r"""\\frac{\\partial f}{\\partial W}, or of the product after it."""
        if above[:1] != below[:1] or len(below) < 2 or "^" in (above[1:2] + below[2:]):
            self.refuse(f"\\frac{{{''.join(above)}}}{{{''.join(below)}}}")
        of = self.within(above[1:]) if above[1:] else self.product()
        return f"grad({of}, {self.within(below[1:])})"

    def root(self) -> str:
        degree = ""
        if self.next == "[":
            self.take()
            degree = self.sequence()
            self.take("]")
        inside = self.within(self.above())
        return f"(({inside})**(1/({degree})))" if degree else f"sqrt({inside})"

    def sum(self) -> str:
        """Σ over an index from one number to another, of the product after it."""
        self.take("_")
        first = self.within(self.above())
        if PAIR.fullmatch(first) and self.next != "^":
            return f"sum({self.product()}, {first})"
        if found := BOTH.fullmatch(first):
            end = f", 1, {self.within(self.above())}" if self.next == "^" and self.take() else ""
            return f"sum(sum({self.product()}, {found[2]}{end}), {found[1]}{end})"
        index, *start = re.split("(?<![!<>])=+", first)
        if not index.isidentifier() or len(start) > 1:
            raise BadInput(
                f"\\sum over {first} is not read; write one \\sum for each index, from one number to another"
            )
        if self.next != "^":
            return f"sum({self.product()}, {first})"
        self.take("^")
        last, summand = self.within(self.above()), self.product()
        if start and last != "oo" and not re.search(rf"(?<![A-Za-z0-9])\w*_?{index}(?![A-Za-z0-9])", summand):
            return f"(({last})-({start[0]})+1)*{summand}"
        return f"sum({summand}, {', '.join([index, *start, last])})"

    def slope(self) -> str:
        self.take("_")
        letter = self.within(self.above())
        return f"grad({self.product()}, {letter})"

    def derivative(self) -> str:
        r"""\\partial_W of the product after it."""
        if self.next != "_":
            self.refuse("\\partial without a letter below it")
        return self.slope()

    def indicator(self) -> str:
        """1 where the event after it holds, and 0 elsewhere; before nothing of the kind, the identity."""
        place, event = self.place, [""]
        if self.next == "_":
            self.take()
            event = self.above()
        elif self.next in CLOSE:
            event = [*self.atom()]
        self.place = place
        return self.ones() if RELATIONS & set(event) else self.letter("I")

    def ones(self) -> str:
        """A column, or a matrix, of ones; without a size it is the number, and with an event 1 where it holds."""
        if self.next in ("(", "[", "\\{") and self.tells_event():
            return f"({self.atom()[1:-1]})"
        if self.next != "_":
            return self.letter("ones")
        self.take()
        index = self.above()
        if RELATIONS & set(index):
            return f"({self.within(index)})"
        return f"ones({self.within([',' if part == chr(92) + 'times' else part for part in index])})"


def lists(inside: str) -> bool:
    """Whether several things stand in a bracket, with commas between."""
    depth = 0
    for sign in inside:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            return True
    return False


ENTRYWISE = {"\\circ": "had", "\\odot": "had", "∘": "had", "⊙": "had", "\\otimes": "kron", "⊗": "kron"}
MAPS = ("sigma", "phi", "psi", "f", "g", "h", "F", "G")  # letters that papers call, σ(w^⊤ x)
PAIR, BOTH = re.compile(r"[i-n](?:!=|<)[i-n]"), re.compile(r"([i-n]),([i-n])(?:=+1)?")  # below a sum
POSITIVE = ["_", "{", "+", "}"]  # (x)_+, the positive part
COMMANDS: dict[str, Callable[[Paper], str]] = {
    "\\frac": Paper.fraction, "\\tfrac": Paper.fraction, "\\dfrac": Paper.fraction, "\\sqrt": Paper.root,
    "\\binom": Paper.choice, "\\tbinom": Paper.choice, "\\dbinom": Paper.choice,
    "\\sum": Paper.sum, "\\nabla": Paper.slope, "\\partial": Paper.derivative, "\\ones": Paper.ones,
    "\\indicator": Paper.indicator,
}  # fmt: skip
