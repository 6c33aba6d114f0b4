// SPDX-License-Identifier: Apache-2.0
#include "abi_check.hpp"

#include "core/text/strings.hpp"

#include <cstring>

namespace offlineimap::core {

static_assert(sizeof(AbiStamp) == 32, "every plugin ever built has this many bytes there");

namespace {

std::string version(const AbiStamp& stamp)
{
    return concat(std::to_string(stamp.major), ".", std::to_string(stamp.minor));
}

std::string_view name_of(StdLib library)
{
    switch (library) {
    case StdLib::libstdcxx:
        return "libstdc++";
    case StdLib::libcxx:
        return "libc++";
    default:
        return "an unknown C++ library";
    }
}

std::string version_mismatch(const AbiStamp& ours, const AbiStamp& theirs)
{
    const bool newer =
        theirs.major > ours.major || (theirs.major == ours.major && theirs.minor > ours.minor);
    if (!newer && theirs.major == ours.major) return {};
    return concat(
        "it was built for plugin ABI ", version(theirs), ", this offlineimap has ", version(ours),
        newer ? "; update offlineimap" : "; rebuild the plugin against the installed SDK");
}

std::string library_mismatch(const AbiStamp& ours, const AbiStamp& theirs)
{
    if (theirs.std_lib != ours.std_lib)
        return concat(
            "it uses ", name_of(theirs.std_lib), ", this offlineimap uses ", name_of(ours.std_lib));
    if (theirs.new_strings != ours.new_strings)
        return concat(
            "it was built with _GLIBCXX_USE_CXX11_ABI=", std::to_string(theirs.new_strings),
            ", this offlineimap with ", std::to_string(ours.new_strings));
    if (theirs.debug_containers != ours.debug_containers)
        return theirs.debug_containers != 0
            ? "it was built with _GLIBCXX_DEBUG, this offlineimap without"
            : "it was built without _GLIBCXX_DEBUG, this offlineimap with it";
    return {};
}

}  // namespace

std::string abi_mismatch(const AbiStamp& ours, const AbiStamp& theirs)
{
    if (std::memcmp(ours.magic, theirs.magic, sizeof ours.magic) != 0)
        return "it is not an offlineimap plugin";
    if (auto why = version_mismatch(ours, theirs); !why.empty()) return why;
    if (auto why = library_mismatch(ours, theirs); !why.empty()) return why;
    if (theirs.pointer_bits != ours.pointer_bits || theirs.layout != ours.layout)
        return concat(
            "its SDK headers differ from ours under the same ABI number (compilers: ",
            theirs.compiler, ", ", ours.compiler,
            "); rebuild the plugin against the installed SDK");
    return {};
}

}  // namespace offlineimap::core
