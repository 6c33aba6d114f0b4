// SPDX-License-Identifier: Apache-2.0
#include "folder_name.hpp"

#include "text.hpp"

#include <offlineimap/error.hpp>

#include <cstddef>

namespace offlineimap::maildir {
namespace {

constexpr std::string_view nested = "/";

/// Why the component cannot be one; empty = it can.
std::string_view fault_of(std::string_view component, std::string_view separator)
{
    if (component == "." || component == "..") return "it would lead out of the folder's place";
    if (component.find('/') != std::string_view::npos) return "a name cannot hold \"/\"";
    if (component.find('\0') != std::string_view::npos) return "a name cannot hold NUL";
    if (component.find(separator) != std::string_view::npos)
        return "a name cannot hold the separator (choose another one with sep, give it another "
               "name with nametrans, or leave it out with folderfilter)";
    if (separator == nested && (component == "cur" || component == "new" || component == "tmp"))
        return "a Maildir keeps its messages under that name";
    return {};
}

[[noreturn]] void refuse(std::string_view name, std::string_view why)
{
    throw Error(
        Errc::rejected, Scope::folder, Retry::never,
        concat("folder \"", name, "\" cannot be kept in this Maildir: ", why));
}

}  // namespace

std::string join(const FolderPath& path, std::string_view separator)
{
    std::string name;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (i != 0) name.append(separator);
        name.append(path[i]);
    }
    return name;
}

FolderPath split(std::string_view name, std::string_view separator)
{
    FolderPath path;
    if (name.empty()) return path;
    for (;;) {
        const std::size_t end = name.find(separator);
        path.emplace_back(name.substr(0, end));
        if (end == std::string_view::npos) return path;
        name.remove_prefix(end + separator.size());
    }
}

void check_path(const FolderPath& path, std::string_view separator)
{
    const std::string name = join(path, separator);
    if (path.empty()) refuse(name, "it has no name");
    for (std::size_t i = 0; i < path.size(); ++i) {
        const bool leading = i == 0 && path.size() > 1 && separator != nested;
        if (path[i].empty() && !leading) refuse(name, "a part of its name is empty");
        if (const auto fault = fault_of(path[i], separator); !fault.empty()) refuse(name, fault);
    }
    // What the parts make together may still be one of these, with a separator such as "..".
    if (name == "." || name == "..") refuse(name, "it would lead out of the folder's place");
    if (name.size() > 4095 || (separator != nested && name.size() > 255))
        refuse(name, "the name is too long");
}

}  // namespace offlineimap::maildir
