"""What people are told when a question is not for the article: every such text, in one place, ready to translate.

Plain words, short sentences, one thing to do first. What to do in a seizure is what the public health services named
with it agree on: stay, clear the space, cushion the head, do not hold down, nothing in the mouth, time it, turn on the
side; call at five minutes and in the cases listed. A translation replaces these strings and nothing else.
"""

from __future__ import annotations

import re

from retrieval.result import Advice
from retrieval.safety.emergency import Emergency
from retrieval.safety.personal import Personal
from retrieval.safety.smalltalk import SmallTalk

EMERGENCY_NUMBERS = "112, 911 or 999"
_NUMBER = re.compile(r"\+?\d[\d ]*\d")

_CALL = "Call your local emergency number now ({numbers})."  # that no help comes from here, the disclaimer says
_GENERAL = (
    "General first aid, not from the article. If this is happening now, call your local emergency number first "
    "({numbers})."
)


def _steps(text: str, *items: str) -> tuple[Advice, ...]:
    return (Advice(text, items, numbered=bool(items)),)


_SEIZURE = (
    Advice(
        "If someone is having a seizure:",
        (
            "Stay with them, keep others calm and time the seizure.",
            "Move hard or sharp objects away and put something soft under the head.",
            "When the jerking stops, turn them gently on their side. Stay until they are fully awake.",
        ),
        numbered=True,
    ),
    Advice(
        "What not to do:",
        (
            "Do not hold them down.",
            "Put nothing in the mouth. No food, drink or tablets until they are fully awake.",
        ),
    ),
    Advice(
        "It is always an emergency if:",
        (
            "it lasts more than 5 minutes, or another seizure follows",
            "it is a first seizure",
            "they are injured, have trouble breathing or do not wake up",
            "it happened in water",
            "they are pregnant or have diabetes",
        ),
    ),
    Advice("(Agreed advice of the NHS, the CDC and the Epilepsy Foundation.)"),
)
_FIRST_AID = {
    "seizure_now": _SEIZURE,
    "self_harm": _steps(
        "If you or someone else might be in danger of self-harm, you do not have to face it alone:",
        "Call the emergency number or a crisis line now (for example 988 in the USA and Canada, 116 123 in the UK and "
        "Ireland; findahelpline.com lists others).",
        "Stay with someone you trust.",
        "Move anything dangerous out of reach.",
    ),
    "overdose": _steps(
        "If too much of a medicine was taken:",
        "Call now, even if the person feels well. A poison centre can advise at any hour (in the USA 1-800-222-1222).",
        "Keep the packet to show.",
        "Do not make the person vomit.",
    ),
    "poisoning": _steps(
        "If something harmful was swallowed:",
        "Call the emergency number or a poison centre now (in the USA 1-800-222-1222).",
        "Keep the container to show.",
        "Do not make the person vomit.",
    ),
    "not_breathing": _steps(
        "If the person is not breathing normally:",
        "Tell the emergency operator at once.",
        "Put the phone on speaker; they will guide you through what to do until help comes.",
    ),
    "unconscious": _steps(
        "If the person does not respond:",
        "Check that they are breathing.",
        "If they breathe, turn them on their side.",
        "If they do not, tell the emergency operator, who will guide you.",
    ),
    "chest_pain": _steps("If there is chest pain: call now and sit down and rest. Do not drive yourself."),
    "stroke": _steps("If it may be a stroke: call now, even if it gets better, and note the time it began."),
    "bleeding": _steps("If there is heavy bleeding: press firmly on the wound with something clean until help comes."),
    "allergic": _steps(
        "If it is a severe allergic reaction: use an adrenaline pen if there is one, and call even if it helps."
    ),
    "danger": _steps(
        "If you are not safe where you are and can leave without risk, move to a safe place and call from there."
    ),
}

_NO_DECISION = (
    "This page cannot decide that for one person. It only quotes its article and gives no doses, no diagnosis and no "
    "advice on starting, stopping or combining medicines."
)
_WHO_CAN = {
    "dose": "Ask a pharmacist or the clinician who knows the person what dose is right.",
    "stop": (
        "Do not stop or change a prescribed medicine because of what you read here. Stopping seizure medicine suddenly "
        "can bring on seizures. Ask the prescriber or a pharmacist first."
    ),
    "start": "Ask a clinician or a pharmacist before starting it.",
    "combine": "Ask a pharmacist, with the full list of what is taken: they check exactly this.",
    "diagnosis": "Only an examination and tests can tell. Ask a clinician.",
    "result": "Ask the clinician who ordered the test, or your laboratory's range, what the result means for you.",
    "fitness": "Ask a clinician. If you are worried or it is getting worse, do not wait.",
}

_SMALL_TALK = {
    "greeting": "Hello. Ask me about the article, in your own words.",
    "thanks": "You are welcome. Ask again any time.",
    "bye": "Goodbye, and take care.",
    "who_are_you": (
        "I am a program that finds the sentences of the article which answer a question. I am not a person and not a "
        "doctor, and I add nothing of my own: what I show is quoted word for word."
    ),
    "what_can_you_do": (
        "Ask a question about the article, in everyday words, and I show the sentences that answer it and where they "
        "stand. If the article does not say, I tell you so."
    ),
    "how_are_you": "I am a program, so always the same, but thank you for asking. What would you like to know?",
    "need_help": (
        "What is the matter? If someone is in danger or very unwell now, do not wait for this page: call your local "
        "emergency number ({numbers}). Otherwise ask a question about the article, in your own words."
    ),
    "relief": (
        "Good to hear. If it happens again or anything still seems wrong, call your local emergency number "
        "({numbers}). Even if all seems well, tell a doctor what happened."
    ),
    "privacy": (
        "What you type is not stored, no cookies are set and you need no account: the server this page runs on answers "
        "a question and forgets it. Only if you choose a rating under an answer, where this page offers ratings, are "
        "that question and your choice stored. Whoever runs the server could still see what passes through it, so "
        "leave out names."
    ),
    "real_person": (
        "There is no person behind this page, so it cannot connect you with one. For advice on your health, ask your "
        "doctor or a pharmacist. In an emergency call your local emergency number ({numbers})."
    ),
    "source": (
        "Everything quoted here comes word for word from the article beside this. What is known of its author, "
        "publisher and date, and what is not known, stands with it at the top of the page. No person and no language "
        "model writes the answers."
    ),
    "trust": (
        "This is not medical advice. A program, not a language model, looks for the sentences of the article that "
        "answer you and quotes them word for word. It can pick a wrong sentence, and the article itself can be wrong, "
        "so read the place it stands in and ask a doctor or pharmacist before you decide anything."
    ),
    "feedback_positive": "Good to hear. Is there anything else you would like to know?",
    "feedback_negative": (
        "I am sorry that did not help. Try other words, or ask for one thing at a time; the whole article can be read "
        "beside this."
    ),
}


def emergency_lead(numbers: str = EMERGENCY_NUMBERS) -> str:
    """Return what to do first: call `numbers`."""
    return _CALL.format(numbers=numbers)


def emergency_advice(found: Emergency) -> tuple[Advice, ...]:
    """Return what to do for each sign found, the naming one first."""
    order = [found.sign, *(sign for sign in found.signs if sign != found.sign)]
    return tuple(piece for sign in order for piece in _FIRST_AID[sign])


def first_aid_advice(sign: str, numbers: str = EMERGENCY_NUMBERS) -> tuple[Advice, ...]:
    """Return what to do for `sign`, one of `SIGNS`, when nobody is in danger now; labelled as no quote."""
    return (Advice(_GENERAL.format(numbers=numbers)), *_FIRST_AID[sign])


def telephone_numbers(numbers: str = EMERGENCY_NUMBERS) -> tuple[str, ...]:
    """Return the numbers that a sentence such as "112, 911 or 999" names, each as it is written there."""
    return tuple(_NUMBER.findall(numbers))


def personal_text(asked: Personal) -> str:
    """Return why this is not decided here, and who can."""
    return f"{_NO_DECISION} {_WHO_CAN[asked.decision]}"


def smalltalk_text(talk: SmallTalk, numbers: str = EMERGENCY_NUMBERS) -> str:
    """Return the short reply to small talk."""
    return _SMALL_TALK[talk.kind].format(numbers=numbers)
