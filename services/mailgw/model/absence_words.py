"""The words of notes of absence, as mail programs and people write them."""

from __future__ import annotations

import re

# Subjects as mail programs make them, and only they: with a colon or nothing behind.
_CERTAIN = (
    r"out[ -]of[ -](?:the[ -])?office(?: auto ?-?reply| reply)|auto-?reply|auto-?response",
    r"auto(?:matic|mated)?[ -](?:reply|response)|vacation (?:reply|response|autoreply)",
    r"automatische antwort|auto-?antwort|abwesenheits(?:notiz|nachricht|assistent|meldung)",
    r"réponse automatique(?: d['’]absence)?|message d['’]absence|absent\(?e?\)? du bureau",
    r"respuesta automática|risposta automatica|resposta automática|resposta automàtica",
    r"automatisch antwoord|automatische reactie|afwezigheids?(?: ?(?:bericht|melding|assistent))",
    r"automatyczna odpowiedź|odpowiedź automatyczna|automatická odpověď|automatická odpoveď",
    r"autosvar|automatiskt? svar|frånvaromeddelande|fraværsbesked|fraværsmelding",
    r"automaattinen vastaus|poissaoloilmoitus|poissaolovastaus|automaatvastus",
    r"automatikus válasz|răspuns automat|otomatik yanıt|automatski odgovor|samodejni odgovor",
    r"автоответ|автоматический ответ|автоматична відповідь|автоматичен отговор",
    r"αυτόματη απάντηση",
    r"自動返信|自動応答|不在(?:通知|連絡)|자동 회신",
    r"自动(?:回复|答复)|自動(?:回覆|答覆)|外出自动回复",
    r"תגובה אוטומטית|מענה אוטומטי|رد تلقائي|ตอบกลับอัตโนมัติ|trả lời tự động|balasan otomatis",
)
# What people write above letters, too ("Abwesend: wer hilft?"): a second sign has to be there.
_DOUBTFUL = (
    r"out[ -]of[ -](?:the[ -])?office(?: notice| message)?",
    r"i am (?:currently )?out of (?:the )?office",
    r"auto(?:matic|mated)?[ -](?:notice|message)|(?:vacation|holiday)(?: notice| message)?",
    r"(?:vacation|away|holiday)[ -](?:notice|message|reply|response)|on (?:vacation|leave|holiday)",
    r"abwesenheit\w*|abwesend|nicht im (?:büro|hause?)|im urlaub|urlaub",
    r"absence(?: du bureau)?|absente?|en congés?",
    r"fuera de (?:la )?oficina|ausente(?: de la oficina)?",
    r"fuori (?:sede|ufficio)|assente|in ferie|afwezig(?:heid)?|niet aanwezig",
    r"ausência(?: temporária)?|fora do escritório|poza biurem|nieobecność",
    r"frånvaro|fravær|ikke til stede|poissa(?: toimistosta)?|poissaolo\w*|mimo kancelář",
    r"외출|부재 중|отсутствие|в отпуске|不在|休假",
)
_BEHIND = r"\s*(?:[:：]|\(|$|(?=(?:re|aw|fwd?)\s?:))"
_ANSWERED = r"^\s*(?:(?:re|aw|sv)\s?:\s*)?"
CERTAIN_SUBJECT = re.compile(rf"^\s*(?:{'|'.join(_CERTAIN)}){_BEHIND}", re.IGNORECASE)
# Also what answers such a note: a person may ask what it meant.
DOUBTFUL_SUBJECT = re.compile(
    rf"{_ANSWERED}(?:{'|'.join((*_CERTAIN, *_DOUBTFUL))}){_BEHIND}", re.IGNORECASE
)
# Such a program puts its words before the subject that it answers, as no person does.
BEFORE_AN_ANSWER = re.compile(r"\s*(?:re|aw|sv)\s?:|\s*\[\d{1,9}\]", re.IGNORECASE)
AWAY = re.compile(
    r"out of (?:the )?office|on (?:annual |sick |parental )?(?:leave|vacation|holiday)|"
    r"nicht im (?:büro|hause?)|abwesend|im urlaub|außer haus|absente?\b|en (?:congé|vacances)|"
    r"fuera de la oficina|de vacaciones|ausente|fuori (?:ufficio|sede)|in ferie|assente|"
    r"afwezig|(?:met|op) (?:vakantie|verlof)|de férias|nieobecn|na urlopie|frånvarande|semester|"
    r"fraværende|på ferie|ikke på kontoret|poissa|lomalla|mimo kancelář|na dovolené|szabadság|"
    r"отпуске|отсутств|休暇|不在|休假|外出|휴가|부재",
    re.IGNORECASE,
)
