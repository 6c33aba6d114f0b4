// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "interpreter.hpp"

#include <offlineimap/script.hpp>

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::script_python {

/// Python as the original evaluates it: each expression sees the names of the pythonfile, which is
/// run once, with the first expression, and `re`.
class PythonScript final : public Script, public SyntaxReader {
public:
    explicit PythonScript(Host& host);
    /// Lets what the user's functions printed reach its reader.
    ~PythonScript() override;

    std::unique_ptr<Expression> compile(std::string_view source, std::string_view where) override;
    std::string syntax_tree(std::string_view source, std::string_view where) override;
    void* facet(std::string_view name) noexcept override;

private:
    const py::object& names();

    Host& host_;
    std::once_flag started_;
    std::optional<Held> names_;  ///< support.py's Namespace
};

}  // namespace offlineimap::script_python
