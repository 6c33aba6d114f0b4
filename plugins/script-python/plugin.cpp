// SPDX-License-Identifier: Apache-2.0
#include "python_script.hpp"

namespace {

using namespace offlineimap;

constexpr Option options[] = {
    {"pythonfile", OptionType::path, "", "a Python file with the functions that expressions call"},
};

constexpr Component components[] = {
    component<script_python::PythonScript>(
        "python", "evaluates the Python expressions of an rc file", options),
};

}  // namespace

OFFLINEIMAP_PLUGIN(script_python, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
