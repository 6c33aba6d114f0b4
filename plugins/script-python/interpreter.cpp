// SPDX-License-Identifier: Apache-2.0
#include "interpreter.hpp"

#include "support.hpp"

#include <csignal>
#include <dlfcn.h>

#include <string>

namespace offlineimap::script_python {
namespace {

[[noreturn]] void cannot_start(const PyStatus& status)
{
    throw Error(
        Errc::config,
        std::string("start Python: ") + (status.err_msg != nullptr ? status.err_msg : "it ended"));
}

void check(const PyStatus& status)
{
    if (PyStatus_Exception(status) != 0) cannot_start(status);
}

/// Python's compiled modules take its functions from the process, not from a library that a plugin
/// keeps to itself.
void show_library_to_modules()
{
    Dl_info library {};
    if (::dladdr(reinterpret_cast<const void*>(&Py_IsInitialized), &library) != 0)
        static_cast<void>(::dlopen(library.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD));
}

/// Texts are UTF-8 whatever the locale, which belongs to the program.
void prepare()
{
    PyPreConfig config;
    PyPreConfig_InitPythonConfig(&config);
    config.utf8_mode = 1;
    config.configure_locale = 0;
    config.coerce_c_locale = 0;
    check(Py_PreInitialize(&config));
}

class StartConfig {
public:
    StartConfig()
    {
        PyConfig_InitPythonConfig(&config_);
        config_.install_signal_handlers = 0;  // Ctrl-C is the program's
        config_.parse_argv = 0;
        // Not the first "python3" of PATH, which may be another Python with other modules.
        check(PyConfig_SetBytesString(&config_, &config_.executable, PYTHON_PROGRAM));
        check(PyConfig_SetBytesString(&config_, &config_.program_name, PYTHON_PROGRAM));
        char name[] = "offlineimap";
        char* arguments[] = {name};
        check(PyConfig_SetBytesArgv(&config_, 1, arguments));
    }
    StartConfig(const StartConfig&) = delete;
    StartConfig& operator=(const StartConfig&) = delete;
    ~StartConfig() { PyConfig_Clear(&config_); }

    void start() { check(Py_InitializeFromConfig(&config_)); }

private:
    PyConfig config_ {};
};

void run(const char* source, const char* name, py::dict& names)
{
    const auto code =
        py::reinterpret_steal<py::object>(Py_CompileString(source, name, Py_file_input));
    if (!code) throw py::error_already_set();
    const auto done =
        py::reinterpret_steal<py::object>(PyEval_EvalCode(code.ptr(), names.ptr(), names.ptr()));
    if (!done) throw py::error_already_set();
}

/// Python takes Ctrl-C for itself when its module for signals is first imported, which subprocess
/// does; here that has happened already, and Ctrl-C stays the program's.
void import_signals()
{
    struct sigaction before { };
    ::sigaction(SIGINT, nullptr, &before);
    static_cast<void>(py::module_::import("signal"));
    ::sigaction(SIGINT, &before, nullptr);
}

py::dict make_support()
{
    py::dict names;
    names["__name__"] = "offlineimap_script";
    run(support_source, "support.py", names);
    run(syntax_source, "syntax.py", names);
    run(imaputil_source, "imaputil.py", names);
    names["stand_in_for_the_original"]();
    return names;
}

const py::dict* start()
{
    show_library_to_modules();
    prepare();
    StartConfig().start();
    import_signals();
    const auto* names = new py::dict(make_support());  // lives as long as the process
    PyEval_SaveThread();
    return names;
}

}  // namespace

const py::dict& support()
{
    static const py::dict* const names = start();
    return *names;
}

Error as_error(const py::error_already_set& raised, std::string_view where)
{
    const auto& names = support();
    std::string text(where);
    if (!text.empty()) text += ": ";
    if (raised.matches(names["FileProblem"]))
        text.clear();
    else if (!raised.matches(names["Problem"]))
        text += std::string(py::str(raised.type().attr("__name__"))) + ": ";
    return {Errc::config, text + std::string(py::str(raised.value()))};
}

}  // namespace offlineimap::script_python
