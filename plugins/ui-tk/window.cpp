// SPDX-License-Identifier: Apache-2.0
#include "window.hpp"

#include "scripts.hpp"

#include <X11/Xlib.h>
#include <offlineimap/error.hpp>
#include <tk.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace offlineimap::ui_tk {
namespace {

/// No exception may pass through Tcl.
template <class Act> int guarded(Act act) noexcept
{
    try {
        act();
        return TCL_OK;
    } catch (...) {
        return TCL_ERROR;
    }
}

std::string argument(int count, Tcl_Obj* const* words)
{
    return count > 1 ? Tcl_GetString(words[1]) : "";
}

int sync_command(ClientData data, Tcl_Interp*, int count, Tcl_Obj* const* words)
{
    return guarded([&] { static_cast<WindowActions*>(data)->sync_now(argument(count, words)); });
}

int stop_command(ClientData data, Tcl_Interp*, int, Tcl_Obj* const*)
{
    return guarded([&] { static_cast<WindowActions*>(data)->stop(); });
}

int answer_command(ClientData data, Tcl_Interp*, int count, Tcl_Obj* const* words)
{
    return guarded([&] { static_cast<WindowActions*>(data)->answer(argument(count, words)); });
}

int decline_command(ClientData data, Tcl_Interp*, int, Tcl_Obj* const*)
{
    return guarded([&] { static_cast<WindowActions*>(data)->decline(); });
}

/// Xlib cannot go on after this, nor may it end the process: the thread stays here.
void lose_display(Display*, void* data)
{
    static_cast<WindowActions*>(data)->lose();
    for (;;)
        ::pause();
}

void wake(ClientData data)
{
    *static_cast<bool*>(data) = true;
}

}  // namespace

void Window::Deleter::operator()(Tcl_Interp* interpreter) const noexcept
{
    Tcl_DeleteInterp(interpreter);
    Tcl_FinalizeThread();
}

Window::Window(const WindowSettings& settings, WindowActions actions) : actions_(std::move(actions))
{
    Tcl_FindExecutable(nullptr);
    interpreter_.reset(Tcl_CreateInterp());
    Tcl_Interp* const tcl = interpreter_.get();
    if (Tcl_Init(tcl) != TCL_OK || Tk_Init(tcl) != TCL_OK)
        throw Error(
            Errc::config,
            std::string("open a window: ") + Tcl_GetStringResult(tcl)
                + "; set DISPLAY, or use another interface (-u ttyui)");
    // Of a window that somebody else has destroyed, which is noticed below.
    Display* const display = Tk_Display(Tk_MainWindow(tcl));
    Tk_CreateErrorHandler(display, -1, -1, -1, nullptr, nullptr);
    ::XSetIOErrorHandler([](Display*) { return 0; });  // that of Xlib ends the process
    ::XSetIOErrorExitHandler(display, lose_display, &actions_);
    const std::pair<const char*, Tcl_ObjCmdProc*> commands[] = {
        {"ui_sync", sync_command},
        {"ui_stop", stop_command},
        {"ui_answer", answer_command},
        {"ui_decline", decline_command}};
    for (const auto& [name, command] : commands)
        Tcl_CreateObjCommand(tcl, name, command, &actions_, nullptr);
    set("fontfamily", settings.font_family);
    set("fontsize", std::to_string(settings.font_size));
    set("loglines", std::to_string(settings.log_lines));
    set("bufferlines", std::to_string(settings.buffer_lines));
    evaluate(common_script);
    evaluate(settings.script);
}

void Window::set(const char* variable, const std::string& value)
{
    Tcl_SetVar2(interpreter_.get(), variable, nullptr, value.c_str(), TCL_GLOBAL_ONLY);
}

void Window::evaluate(const char* script)
{
    if (Tcl_EvalEx(interpreter_.get(), script, -1, TCL_EVAL_GLOBAL) != TCL_OK)
        throw Error(
            Errc::internal,
            std::string("build a window: ") + Tcl_GetStringResult(interpreter_.get()));
}

void Window::call(std::initializer_list<std::string> words)
{
    std::vector<Tcl_Obj*> objects;
    for (const auto& word : words) {
        objects.push_back(Tcl_NewStringObj(word.data(), static_cast<int>(word.size())));
        Tcl_IncrRefCount(objects.back());
    }
    Tcl_EvalObjv(
        interpreter_.get(), static_cast<int>(objects.size()), objects.data(), TCL_EVAL_GLOBAL);
    for (Tcl_Obj* const object : objects)
        Tcl_DecrRefCount(object);
}

void Window::handle_events(int milliseconds)
{
    bool over = false;
    const Tcl_TimerToken timer = Tcl_CreateTimerHandler(milliseconds, wake, &over);
    while (!over)
        Tcl_DoOneEvent(TCL_ALL_EVENTS);
    Tcl_DeleteTimerHandler(timer);
    // Destroyed by somebody who did not ask it to close.
    if (!gone_ && Tk_GetNumMainWindows() == 0) {
        gone_ = true;
        actions_.stop();
    }
}

}  // namespace offlineimap::ui_tk
