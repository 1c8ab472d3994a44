"""Three questions after an event, for whoever holds the link of the letter of thanks."""

from collections.abc import Mapping

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers.response import Response

from events import survey
from events.blueprint import bp
from events.models import Registration
from events.refusals import SurveyRefused
from events.survey import Question, Score
from events.views.loading import club_settings, ticket_keys
from foundation import clock
from foundation.web.access import open_to_all
from foundation.web.acting import done_or_shown
from foundation.web.database import db
from foundation.web.incoming import typed
from foundation.web.pages import page
from foundation.words import N_

SCORE_WORDS = {
    Score.VERY_SATISFIED: N_("Very satisfied"),
    Score.SATISFIED: N_("Satisfied"),
    Score.FINE: N_("It was fine"),
}


@bp.get("/survey/<token>")
@open_to_all
def event_survey(token: str) -> Response:
    return _survey_page(token, _registration(token))


@bp.post("/survey/<token>")
@open_to_all
def answer_survey(token: str) -> Response:
    registration = _registration(token)
    words, named = typed("words", survey.LONGEST), request.form.get("named") == "1"

    def answer() -> int:
        if words and not named:
            raise SurveyRefused(
                N_("We keep words only with your name. Please add it, or leave the words out.")
            )
        return survey.answer(
            db.session,
            registration,
            _typed_scores(),
            words=words if named else "",
            keys=ticket_keys(),
            now=clock.now(),
        )

    return done_or_shown(
        answer,
        lambda *no: _survey_page(token, _registration(token), *no),
        back=f"/survey/{token}",
        said=lambda points: (
            _("%(points)s points are in your account.", points=points) if points else ""
        ),
    )


def _registration(token: str) -> Registration:
    return survey.read_link(db.session, club_settings().link_keys, token)


def _typed_scores() -> Mapping[Question, Score]:
    known = {str(int(score)): score for score in Score}
    return {
        question: known[request.form[question.value]]
        for question in Question
        if request.form.get(question.value) in known
    }


def _survey_page(
    token: str, registration: Registration, status: int = 200, refusal: str | None = None
) -> Response:
    hash_key = club_settings().hash_key
    return page(
        "events/survey.html",
        status,
        event=registration.event,
        answered=survey.is_answered(db.session, registration, hash_key=hash_key),
        token=token,
        questions=list(Question),
        scores=SCORE_WORDS,
        typed=request.form,
        refusal=refusal,
    )
