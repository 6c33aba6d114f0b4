// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

namespace offlineimap::script_python {
namespace {

struct ToPython {
    py::object operator()(std::monostate) const { return py::none(); }
    py::object operator()(bool value) const { return py::bool_(value); }
    py::object operator()(std::int64_t value) const { return py::int_(value); }
    py::object operator()(double value) const { return py::float_(value); }
    py::object operator()(const std::string& value) const { return to_python(value); }
    py::object operator()(const std::vector<std::string>& value) const
    {
        return to_list(std::span(value));
    }
};

Value number_of(py::handle object)
{
    int overflow = 0;
    const long long number = PyLong_AsLongLongAndOverflow(object.ptr(), &overflow);
    if (overflow != 0) return PyLong_AsDouble(object.ptr());
    return static_cast<std::int64_t>(number);
}

std::vector<std::string> texts_of(py::handle list)
{
    std::vector<std::string> texts;
    for (const auto item : list)  // UIDs are numbers
        texts.push_back(
            py::isinstance<py::int_>(item) ? std::string(py::str(item)) : text_of(item));
    return texts;
}

}  // namespace

py::str to_python(std::string_view text)
{
    PyObject* const made =
        PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogateescape");
    if (made == nullptr) throw py::error_already_set();
    return py::reinterpret_steal<py::str>(made);
}

py::object to_python(const Value& value)
{
    return std::visit(ToPython(), value);
}

py::dict to_python(const Ordering::Fields& fields)
{
    py::dict result;
    for (const auto& [name, value] : fields)
        result[to_python(name)] = value ? py::object(to_python(*value)) : py::none();
    return result;
}

std::string text_of(py::handle text)
{
    const auto bytes = py::reinterpret_steal<py::bytes>(
        PyUnicode_AsEncodedString(text.ptr(), "utf-8", "surrogateescape"));
    if (!bytes) throw py::error_already_set();
    return bytes;
}

Value from_python(py::handle object)
{
    if (object.is_none()) return {};
    if (py::isinstance<py::bool_>(object)) return object.ptr() == Py_True;
    if (py::isinstance<py::int_>(object)) return number_of(object);
    if (py::isinstance<py::float_>(object)) return PyFloat_AsDouble(object.ptr());
    if (py::isinstance<py::str>(object)) return text_of(object);
    return texts_of(object);
}

std::vector<std::size_t> positions(py::handle list)
{
    std::vector<std::size_t> result;
    for (const auto item : list)
        result.push_back(PyLong_AsSize_t(item.ptr()));
    return result;
}

}  // namespace offlineimap::script_python
