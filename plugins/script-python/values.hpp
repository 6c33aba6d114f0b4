// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "interpreter.hpp"

#include <offlineimap/script.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

// Values on both sides of the border. All of these need Python's lock and may raise.

namespace offlineimap::script_python {

/// A text; bytes that are no UTF-8 survive the way there and back.
[[nodiscard]] py::str to_python(std::string_view text);
[[nodiscard]] inline py::str to_python(const std::string& text)
{
    return to_python(std::string_view(text));
}
[[nodiscard]] py::object to_python(const Value& value);
[[nodiscard]] py::dict to_python(const Ordering::Fields& fields);

template <class Item> py::list to_list(std::span<const Item> items)
{
    py::list list;
    for (const auto& item : items)
        list.append(to_python(item));
    return list;
}

[[nodiscard]] std::string text_of(py::handle text);
/// `object` is one of those that support.py's plain() yields.
[[nodiscard]] Value from_python(py::handle object);
[[nodiscard]] std::vector<std::size_t> positions(py::handle list);

}  // namespace offlineimap::script_python
