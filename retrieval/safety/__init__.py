"""The judgement that runs before retrieval: danger, personal decisions, small talk and orders to the machine.

All of it looks at the words alone, needs no model, and takes any string. Call `emergency` first: it outranks all else.
"""

from retrieval.safety.conversation import ongoing
from retrieval.safety.emergency import SIGNS, Emergency, emergency
from retrieval.safety.first_aid import first_aid
from retrieval.safety.injection import injection
from retrieval.safety.personal import Personal, personal
from retrieval.safety.safety_texts import (
    emergency_advice,
    emergency_lead,
    first_aid_advice,
    personal_text,
    smalltalk_text,
    telephone_numbers,
)
from retrieval.safety.smalltalk import SmallTalk, smalltalk

__all__ = [
    "SIGNS",
    "Emergency",
    "Personal",
    "SmallTalk",
    "emergency",
    "emergency_advice",
    "emergency_lead",
    "first_aid",
    "first_aid_advice",
    "injection",
    "ongoing",
    "personal",
    "personal_text",
    "smalltalk",
    "smalltalk_text",
    "telephone_numbers",
]
