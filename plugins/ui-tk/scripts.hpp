// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace offlineimap::ui_tk {

/// What both windows need: the fonts, the question, the log.
extern const char* const common_script;
/// The window of lights: the procedures light, countdown and account.
extern const char* const lights_script;
/// The window of sections: the same procedures.
extern const char* const verbose_script;

}  // namespace offlineimap::ui_tk
