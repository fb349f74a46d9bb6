// The one door to the accounts: each thing a browser may ask, and who answers it.

import { again, choosePassword, comeIn, recover } from "./connect.ts";
import type { House } from "./house.ts";
import type { Answer, Browser, Knock } from "./knock.ts";
import { askPasskey, enterCode, logIn, logOut, usePasskey } from "./log-in.ts";
import {
  addPasskey,
  changePassword,
  confirmCodes,
  endOthers,
  endSession,
  newPasskey,
  newRecoveryCodes,
  removePasskey,
  startCodes,
} from "./own.ts";

export function answerKnock(house: House, knock: Knock, browser: Browser): Promise<Answer> {
  switch (knock.call) {
    case "logIn":
      return logIn(house, knock, browser);
    case "enterCode":
      return enterCode(house, knock.code, browser);
    case "logOut":
      return logOut(house, browser);
    case "askPasskey":
      return askPasskey(house, browser);
    case "usePasskey":
      return usePasskey(house, knock.credential, browser);
    case "newPasskey":
      return newPasskey(house, browser);
    case "addPasskey":
      return addPasskey(house, knock, browser);
    case "removePasskey":
      return removePasskey(house, knock.id, browser);
    case "startCodes":
      return startCodes(house, knock.password, browser);
    case "confirmCodes":
      return confirmCodes(house, knock.code, browser);
    case "newRecoveryCodes":
      return newRecoveryCodes(house, knock.password, browser);
    case "changePassword":
      return changePassword(house, knock, browser);
    case "endSession":
      return endSession(house, knock.person, knock.session);
    case "endOthers":
      return endOthers(house, knock.person, knock.session);
    case "choosePassword":
      return choosePassword(house, knock, browser);
    case "comeIn":
      return comeIn(house, knock.code, browser);
    case "recover":
      return recover(house, knock.who, browser);
    case "again":
      return again(house, knock.code);
  }
}
