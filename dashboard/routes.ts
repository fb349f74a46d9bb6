// Every page, and who may open it. A page that no `allow` guards is open to visitors.

import { me } from "./student/me.tsx";
import { badges, giveBadge, takeBadge } from "./cards/badges.tsx";
import { cardFile, cardList, changeCard } from "./cards/cards.tsx";
import { childCards, changeChildCard } from "./cards/child-cards.tsx";
import { issueCard } from "./cards/issue-card.ts";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie } from "hono/cookie";
import { csrf } from "hono/csrf";
import { methodNotAllowed } from "hono/method-not-allowed";
import { secureHeaders } from "hono/secure-headers";
import {
  account,
  changePassword,
  endOthers,
  endSession,
  removePasskey,
} from "./account/account.tsx";
import { choosePassword, comeIn, connect, sendAgain } from "./account/connect.tsx";
import {
  chooseLanguage,
  codeForm,
  enterCode,
  home,
  logIn,
  logInForm,
  logOut,
} from "./account/log-in.tsx";
import { addPasskey, askPasskey, newPasskey, usePasskey } from "./account/passkey.ts";
import {
  firstTime,
  forgottenPassword,
  forgottenUsername,
  recover,
  typeCode,
} from "./account/recover.tsx";
import {
  confirmSecondFactor,
  newRecoveryCodes,
  secondFactor,
  startSecondFactor,
} from "./account/second-factor.tsx";
import { allow, allowAnybody } from "./allow.ts";
import { outbox, sendAgain as sendMailAgain } from "./bursar/outbox.tsx";
import { accountLines, accounts } from "./bursar/accounts.tsx";
import { bursarHome } from "./bursar/home.tsx";
import { assignMovement, reverseMovement } from "./bursar/correct.ts";
import { cancelOrder, placeOrder } from "./bursar/orders.ts";
import { coverLoss } from "./bursar/cover-loss.ts";
import { closePeriod, periods } from "./bursar/periods.tsx";
import { addKeeper, removeKeeper, setClosing, settings } from "./bursar/settings.tsx";
import { statement } from "./bursar/statement.tsx";
import { student } from "./bursar/student.tsx";
import { students } from "./bursar/students.tsx";
import { terminals } from "./bursar/terminals.tsx";
import { topUp } from "./bursar/top-up.ts";
import { writeOff, writeOffForm } from "./bursar/write-off.tsx";
import { counterHome } from "./counter/home.tsx";
import { auditFile, auditLog } from "./office/audit.tsx";
import { erase, eraseForm } from "./office/erase.tsx";
import { addStaff, changeStaff, staff } from "./office/staff.tsx";
import { childFile, myFile, personFile, studentFile } from "./own-file.tsx";
import { privacy } from "./privacy.tsx";
import { child } from "./guardian/child.tsx";
import { children } from "./guardian/children.tsx";
import { inviteMany, people } from "./office/people.tsx";
import { accountFile, inviteOne, printLetter, resetFactor, setAddress } from "./office/person.tsx";
import { heads } from "./heads.tsx";
import { kitchenList } from "./kitchen/list.tsx";
import { absences, noteAbsences, notePupilAbsence, removeAbsence } from "./register/absences.tsx";
import {
  changeGuardian,
  createGuardian,
  linkGuardian,
  removeGuardian,
} from "./register/guardians.ts";
import { importExample, importForm, importTooLarge, stageImport } from "./register/import.tsx";
import { confirmImport, discardImport, importPreview } from "./register/import-preview.tsx";
import { giveBalance, turnPupil } from "./register/leaving.ts";
import { promote, promotion } from "./register/promotion.tsx";
import { addPupil, newPupil } from "./register/pupil-form.tsx";
import { changePupil, pupil } from "./register/pupil.tsx";
import { roll } from "./register/roll.tsx";
import { movement } from "./movement.tsx";
import { receipt } from "./receipt.tsx";
import type { PageEnv } from "./page.tsx";
import { LANGUAGE_COOKIE, voiceFor } from "./voice.ts";

/** No form of ours is larger, but for those of an import: the file, and a tick for each of many students. */
const FORM_BYTES_MAX = 16 * 1024;
const IMPORT = "/register/import";
const IMPORT_BYTES_MAX = 2 * 1024 * 1024 + FORM_BYTES_MAX;

export const pages = new Hono<PageEnv>();

pages.use(
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "same-origin",
  }),
);
pages.use(csrf());
const formLimit = bodyLimit({ maxSize: FORM_BYTES_MAX });
const importLimit = bodyLimit({ maxSize: IMPORT_BYTES_MAX, onError: importTooLarge });
pages.use((c, next) => (c.req.path.startsWith(IMPORT) ? next() : formLimit(c, next)));
pages.use(methodNotAllowed({ app: pages }));
pages.use(async (c, next) => {
  const { person } = c.var;
  const chosen = getCookie(c, LANGUAGE_COOKIE);
  c.set("voice", voiceFor(person?.language, chosen, c.req.header("accept-language")));
  await next();
  // Balances belong on the screen, not in a cache that the next user of the computer can page back to.
  c.header("cache-control", "no-store");
});

pages.get("/", home);
pages.get("/log-in", logInForm);
pages.post("/log-in", logIn);
pages.get("/log-in/code", codeForm);
pages.post("/log-in/code", enterCode);
pages.post("/log-in/passkey/challenge", askPasskey);
pages.post("/log-in/passkey", usePasskey);
pages.post("/log-out", logOut);
pages.get("/forgotten/password", forgottenPassword);
pages.get("/forgotten/username", forgottenUsername);
pages.post("/recover", recover);
pages.get("/first", firstTime);
pages.post("/first", typeCode);
pages.get("/connect/:code", connect);
pages.post("/connect/:code", choosePassword);
pages.post("/connect/:code/come-in", comeIn);
pages.post("/connect/:code/again", sendAgain);
pages.post("/language", chooseLanguage);
pages.get("/heads", heads);
pages.get("/privacy", privacy);

pages.get("/account", allowAnybody(), account);
pages.post("/account/password", allowAnybody(), changePassword);
pages.post("/account/sessions/end-others", allowAnybody(), endOthers);
pages.post("/account/sessions/:id/end", allowAnybody(), endSession);
pages.post("/account/passkeys/challenge", allowAnybody(), newPasskey);
pages.post("/account/passkeys", allowAnybody(), addPasskey);
pages.post("/account/passkeys/:id/remove", allowAnybody(), removePasskey);
pages.get("/account/second-factor", allowAnybody({ unproven: true }), secondFactor);
pages.post("/account/second-factor", allowAnybody({ unproven: true }), startSecondFactor);
pages.post("/account/second-factor/confirm", allowAnybody({ unproven: true }), confirmSecondFactor);
pages.post("/account/recovery-codes", allowAnybody(), newRecoveryCodes);

pages.get("/people", allow("bursar", "secretary"), people);
pages.post("/people/invite", allow("bursar", "secretary"), inviteMany);
pages.get("/people/:id", allow("bursar", "secretary"), accountFile);
pages.post("/people/:id/invite", allow("bursar", "secretary"), inviteOne);
pages.post("/people/:id/letter", allow("bursar", "secretary"), printLetter);
pages.post("/people/:id/address", allow("bursar", "secretary"), setAddress);
pages.post("/people/:id/reset-factor", allow("bursar"), resetFactor);

pages.get("/bursar", allow("bursar", "auditor"), bursarHome);
pages.get("/students", allow("bursar", "secretary", "auditor"), students);
pages.get("/students/:id", allow("bursar", "secretary", "auditor"), student);
pages.post("/students/:id/top-up", allow("bursar"), topUp);
pages.post("/students/:id/orders", allow("bursar", "secretary"), placeOrder);
pages.post("/students/:id/orders/:order/cancel", allow("bursar", "secretary"), cancelOrder);
pages.get("/accounts", allow("bursar", "auditor"), accounts);
pages.get("/accounts/:id", allow("bursar", "auditor"), (c) => accountLines(c));
pages.post("/accounts/:id/cover", allow("bursar"), coverLoss);
pages.get("/accounts/:id/statements/:month", allow("bursar", "auditor"), statement);
pages.get("/periods", allow("bursar", "auditor"), periods);
pages.post("/periods", allow("bursar"), closePeriod);
pages.get("/terminals", allow("bursar", "auditor"), terminals);
pages.get("/terminals/:id/epochs/:epoch/write-off", allow("bursar"), writeOffForm);
pages.post("/terminals/:id/epochs/:epoch/write-off", allow("bursar"), writeOff);
pages.get("/outbox", allow("bursar"), outbox);
pages.post("/outbox/again", allow("bursar"), sendMailAgain);
pages.get("/settings", allow("bursar"), settings);
pages.post("/settings/closing", allow("bursar"), setClosing);
pages.post("/settings/keepers", allow("bursar"), addKeeper);
pages.post("/settings/keepers/remove", allow("bursar"), removeKeeper);
const readers = allow("bursar", "secretary", "auditor", "guardian");
pages.get("/movements/:source/:counter", readers, movement);
pages.get("/movements/:source/:counter/receipt", readers, receipt);
pages.post("/movements/:source/:counter/reverse", allow("bursar"), reverseMovement);
pages.post("/movements/:source/:counter/assign", allow("bursar"), assignMovement);

pages.get("/staff", allow("bursar", "auditor"), (c) => staff(c));
pages.post("/staff", allow("bursar"), addStaff);
pages.post("/staff/:id", allow("bursar"), changeStaff);
pages.get("/badges", allow("bursar", "auditor"), (c) => badges(c));
pages.post("/badges", allow("bursar"), giveBadge);
pages.post("/badges/:uid/take", allow("bursar"), takeBadge);
pages.get("/cards", allow("bursar", "secretary", "auditor"), cardList);
pages.get("/cards/:uid", allow("bursar", "secretary", "auditor"), (c) => cardFile(c));
pages.post("/cards/:uid", allow("bursar", "secretary"), changeCard);
pages.post("/register/students/:id/cards", allow("bursar", "secretary"), issueCard);
pages.get("/children/:id/cards", allow("guardian"), (c) => childCards(c));
pages.post("/children/:id/cards/:uid", allow("guardian"), changeChildCard);
pages.get("/audit", allow("bursar", "secretary", "auditor"), auditLog);
pages.get("/audit.csv", allow("bursar", "auditor"), auditFile);

const everybody = allow(
  "bursar",
  "secretary",
  "counter",
  "kitchen",
  "auditor",
  "guardian",
  "student",
);
pages.get("/my-data", everybody, myFile);
pages.get("/students/:id/data", allow("bursar"), studentFile);
pages.get("/students/:id/erase", allow("bursar"), (c) => eraseForm(c, "student"));
pages.post("/students/:id/erase", allow("bursar"), (c) => erase(c, "student"));
pages.get("/people/:id/data", allow("bursar"), personFile);
pages.get("/people/:id/erase", allow("bursar"), (c) => eraseForm(c, "person"));
pages.post("/people/:id/erase", allow("bursar"), (c) => erase(c, "person"));

pages.get("/kitchen", allow("kitchen"), kitchenList);
pages.get("/counter", allow("counter"), counterHome);

pages.get("/me", allow("student"), me);
pages.get("/children", allow("guardian"), children);
pages.get("/children/:id", allow("guardian"), child);
pages.get("/children/:id/data", allow("guardian"), childFile);

const office = allow("bursar", "secretary");
const officeReads = allow("bursar", "secretary", "auditor");
pages.get("/register", officeReads, roll);
pages.get("/register/new", office, newPupil);
pages.post("/register/new", office, addPupil);
pages.get(IMPORT, office, importForm);
pages.post(IMPORT, office, importLimit, stageImport);
pages.get("/register/import/example", office, importExample);
pages.get("/register/import/:import", office, importPreview);
pages.post("/register/import/:import", office, importLimit, confirmImport);
pages.post("/register/import/:import/discard", office, importLimit, discardImport);
pages.get("/register/promotion", office, promotion);
pages.post("/register/promotion", office, promote);
pages.get("/register/absences", officeReads, absences);
pages.post("/register/absences", office, noteAbsences);
pages.post("/register/absences/remove", office, removeAbsence);
pages.get("/register/students/:id", officeReads, pupil);
pages.post("/register/students/:id", office, changePupil);
pages.post("/register/students/:id/guardians", office, createGuardian);
pages.post("/register/students/:id/guardians/link", office, linkGuardian);
pages.post("/register/students/:id/guardians/:person", office, changeGuardian);
pages.post("/register/students/:id/guardians/:person/remove", office, removeGuardian);
pages.post("/register/students/:id/absences", office, notePupilAbsence);
pages.post("/register/students/:id/leaving", office, turnPupil);
pages.post("/register/students/:id/balance", allow("bursar"), giveBalance);
