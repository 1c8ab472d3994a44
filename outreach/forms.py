"""The shape of what is typed at the desk."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

NEEDED = _("Please fill in this field.")


class WordsForm(FlaskForm):
    """The personal part of an invitation."""

    event_id = HiddenField()
    rule = HiddenField()
    words_zh = TextAreaField(
        _("Words in Chinese"), [DataRequired(NEEDED), Length(max=4000)], render_kw={"rows": 6}
    )
    words_en = TextAreaField(_("Words in English"), [Length(max=4000)], render_kw={"rows": 6})


class IssueForm(FlaskForm):
    title_zh = StringField(_("Title in Chinese"), [DataRequired(NEEDED), Length(max=120)])
    title_en = StringField(_("Title in English"), [Length(max=120)])
    summary_zh = TextAreaField(_("Summary in Chinese"), [Length(max=500)], render_kw={"rows": 2})
    summary_en = TextAreaField(_("Summary in English"), [Length(max=500)], render_kw={"rows": 2})
    body_zh = TextAreaField(
        _("Text in Chinese"), [DataRequired(NEEDED), Length(max=60000)], render_kw={"rows": 18}
    )
    body_en = TextAreaField(_("Text in English"), [Length(max=60000)], render_kw={"rows": 18})


class LetterWordsForm(FlaskForm):
    """An event's own words for a letter, or a message to those who signed up."""

    subject_zh = StringField(_("Subject in Chinese"), [DataRequired(NEEDED), Length(max=120)])
    body_zh = TextAreaField(
        _("Text in Chinese"), [DataRequired(NEEDED), Length(max=4000)], render_kw={"rows": 10}
    )
    subject_en = StringField(_("Subject in English"), [Length(max=120)])
    body_en = TextAreaField(_("Text in English"), [Length(max=4000)], render_kw={"rows": 10})
