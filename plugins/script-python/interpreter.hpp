// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/error.hpp>

#include <pybind11/pybind11.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

// The one interpreter of the process. It starts with the first script and is never taken down:
// threads of the user's functions, and exceptions, may outlive all that could be counted.

namespace offlineimap::script_python {

namespace py = pybind11;

/// The names of support.py. Starts Python where it does not run yet. Thread-safe; the objects in it
/// need the lock. Throws config when Python cannot start.
[[nodiscard]] const py::dict& support();

/// The right to touch Python's objects, for one thread at a time. Released by Python itself
/// wherever the user's functions wait.
using PythonLock = py::gil_scoped_acquire;

/// What `raised` says, as Error{config} that begins with `where`. Under the lock.
[[nodiscard]] Error as_error(const py::error_already_set& raised, std::string_view where);

/// Runs `work` under the lock; what Python raises in it becomes an Error.
template <class Work> auto with_python(std::string_view where, const Work& work)
{
    const PythonLock lock;
    try {
        return work();
    } catch (const py::error_already_set& raised) {
        throw as_error(raised, where);
    } catch (const py::builtin_exception& raised) {
        throw Error(Errc::config, std::string(where) + ": " + raised.what());
    }
}

/// A Python object that is let go under the lock, from whichever thread.
class Held {
public:
    explicit Held(py::object object) : object_(std::move(object)) { }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held()
    {
        try {
            const PythonLock lock;
            object_ = py::object();
        } catch (const std::exception&) {
            static_cast<void>(object_.release());  // without the lock it may only be left behind
        }
    }

    const py::object& operator*() const { return object_; }

private:
    py::object object_;
};

}  // namespace offlineimap::script_python
