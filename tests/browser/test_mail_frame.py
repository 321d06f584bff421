"""Is a mail shown as it is, whatever its parts are called?"""

from __future__ import annotations

import smtplib
from email.message import EmailMessage
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, expect

from bot.demo.server import LocalWorkspace
from bot.sample_workspace import SAMPLE_WORKSPACE

CLOBBERING = "".join(
    f'<img name="{name}" alt="">'
    for name in ("querySelectorAll", "documentElement", "adoptedStyleSheets", "body", "defaultView")
)
HTML = f"""<html><head><style>h1 {{ color: rgb(1, 2, 3); }}</style></head><body>{CLOBBERING}
<img id="CSSStyleSheet" alt=""><div data-styles="">no style sheet</div>
<form style="color: rgb(4, 5, 6)"><input name="style"><input name="dataset"><input name="getAttribute">Form</form>
<h1>Heading</h1><svg style="color: rgb(7, 8, 9)"><a href="https://x.example"><text y="20">Drawn</text></a></svg>
<p style="color: rgb(10, 11, 12)">Paragraph</p><a href="https://x.example/"><input name="setAttribute">Link</a>
</body></html>"""


def test_a_mails_own_names_do_not_keep_it_from_being_shown(context: BrowserContext) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@post.example", "b@post.example", "Names"
    mail.set_content("text")
    mail.add_alternative(HTML, subtype="html")
    with LocalWorkspace(SAMPLE_WORKSPACE, manifest={"features": {"bot_user": {"display_name": "x"}}}) as workspace:
        server = urlsplit(workspace.smtp_url)
        with smtplib.SMTP(str(server.hostname), int(server.port or 0)) as smtp:
            smtp.send_message(mail)
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(workspace.page_url)
        page.locator(".mail-line").click()
        frame = page.frame_locator("iframe.mail-frame")
        for text, colour in (("Heading", "1, 2, 3"), ("Form", "4, 5, 6"), ("Paragraph", "10, 11, 12")):
            expect(frame.get_by_text(text)).to_have_css("color", f"rgb({colour})")
        expect(frame.locator("svg")).to_have_css("color", "rgb(7, 8, 9)")
        expect(frame.locator("a").last).to_have_attribute("target", "_blank")
        expect(frame.locator("a").last).to_have_attribute("rel", "noopener noreferrer")
        assert not errors
        page.close()
